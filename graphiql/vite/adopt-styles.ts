// adopt-styles.ts - make libraries put their style sheets where the policy allows them.
//
// Monaco, React Aria and others make <style> elements, which `style-src 'self'` refuses. Here
// each `createElement('style')` becomes an element of our own with the same interface, which
// adopts a constructed style sheet instead (src/adopted-style.ts).
//
// SPDX-License-Identifier: MIT

import type { Plugin } from 'vite'

const STYLE_ELEMENT = /\bcreateElement\(\s*(["'`])style\1\s*\)/g

export function adoptStyles(): Plugin {
  return {
    name: 'adopt-styles',
    apply: 'build',
    transform(code) {
      if (code.search(STYLE_ELEMENT) < 0) return null
      return { code: code.replace(STYLE_ELEMENT, 'createElement("adopted-style")'), map: null }
    },
    // A library that spells it differently must not be found out by its users.
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type === 'chunk' && chunk.code.search(STYLE_ELEMENT) >= 0)
          this.error(`${chunk.fileName} makes a <style> element, which the policy refuses.`)
      }
    },
  }
}
