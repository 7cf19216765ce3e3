/** Sends a request that `fetch` would not: with an unchanged path and any host. */
export async function rawRequest(
  { port }: URL,
  { path, host }: { path: string; host: string },
): Promise<{ status: number; text: string }> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
  const head = `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
  await connection.write(new TextEncoder().encode(head));
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for (;;) {
    const chunk = new Uint8Array(65_536);
    const length = await connection.read(chunk);
    if (length === null) break;
    chunks.push(chunk.slice(0, length));
  }
  const text = await new Blob(chunks).text();
  return { status: Number(text.split(" ")[1]), text };
}
