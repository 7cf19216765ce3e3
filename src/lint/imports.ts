/** The project's own modules: by a relative path, an absolute one, or a prefix of an import map. */
const OWN = /^(\.|\/|@\/|~|#|\$|file:)/;

/** Whether a module specifier is that of the library. */
export function isOurs(specifier: string): boolean {
  return specifier.includes("holdfast");
}

/** Whether a module specifier is that of another package. */
export function isForeign(specifier: string): boolean {
  return !isOurs(specifier) && !OWN.test(specifier);
}

/** The module that a name is imported from, if `node` is what imports it. */
export function moduleOf(node: Deno.lint.Node): string | undefined {
  switch (node.type) {
    case "ImportDefaultSpecifier":
    case "ImportNamespaceSpecifier":
    case "ImportSpecifier":
      return (node.parent as Deno.lint.ImportDeclaration).source.value;
    default:
      return undefined;
  }
}
