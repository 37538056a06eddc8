// adopted-style.ts - an element that stands for <style>: its text is adopted as a constructed
// style sheet (CSSOM), which needs no permission of a Content-Security-Policy.
//
// vite/adopt-styles.ts makes libraries create this element. Like <style> it counts while it is
// in the document, or in a shadow tree, and its text may change at any time.
//
// SPDX-License-Identifier: MIT

class AdoptedStyle extends HTMLElement {
  readonly sheet = new CSSStyleSheet()
  type = ''
  media = ''
  #text = ''
  #root: Document | ShadowRoot | null = null

  connectedCallback(): void {
    this.#root = this.getRootNode() as Document | ShadowRoot
    this.#root.adoptedStyleSheets = [...this.#root.adoptedStyleSheets, this.sheet]
  }

  disconnectedCallback(): void {
    if (this.#root === null) return
    this.#root.adoptedStyleSheets = this.#root.adoptedStyleSheets.filter((sheet) => sheet !== this.sheet)
    this.#root = null
  }

  override get textContent(): string {
    return this.#text
  }

  override set textContent(text: string | null) {
    this.#text = text ?? ''
    this.sheet.replaceSync(this.#text)
  }

  override get innerText(): string {
    return this.#text
  }

  override set innerText(text: string) {
    this.textContent = text
  }

  override get innerHTML(): string {
    return this.#text
  }

  override set innerHTML(text: string) {
    this.textContent = text
  }

  override appendChild<T extends Node>(node: T): T {
    this.textContent = this.#text + (node.textContent ?? '')
    return node
  }
}

customElements.define('adopted-style', AdoptedStyle)
