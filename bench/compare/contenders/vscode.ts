/** VS Code's `ReferenceCollection`, as an npm package ships it. */
import {
  DisposableTracker,
  type IReference,
  ReferenceCollection,
  setDisposableTracker,
  toDisposable,
} from "npm:@codingame/monaco-vscode-api@^37.6.1/vscode/vs/base/common/lifecycle";
import type { Sprite } from "../../_sprites.ts";
import { Contender } from "../contender.ts";

export class VsCode extends Contender {
  readonly #references: ReferenceCollection<Sprite>;

  constructor() {
    super();
    const made = (name: string) => this.make(name);
    const gone = () => this.gone++;
    this.#references = new class extends ReferenceCollection<Sprite> {
      protected override createReferencedObject(name: string): Sprite {
        return made(name);
      }

      protected override destroyReferencedObject(): void {
        gone();
      }
    }();
  }

  visit(name: string): number {
    const reference = this.take(name);
    const { id } = reference.object;
    reference.dispose();
    return id;
  }

  take(name: string): IReference<Sprite> {
    return this.#references.acquire(name);
  }

  release(reference: IReference<Sprite>): void {
    reference.dispose();
  }
}

/**
 * With the tracker that finds leaks in VS Code's tests. It sees only objects from `toDisposable`.
 */
export class VsCodeTracked extends VsCode {
  constructor() {
    super();
    setDisposableTracker(new DisposableTracker());
  }

  override take(name: string): IReference<Sprite> {
    const reference = super.take(name);
    const tracked = toDisposable(() => reference.dispose());
    return { object: reference.object, dispose: () => tracked.dispose() };
  }
}
