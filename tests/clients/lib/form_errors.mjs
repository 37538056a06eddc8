// form_errors.mjs - errors as a page shows them: beside the input that they are about, or above the form.
//
// SPDX-License-Identifier: MIT

// {fields: {url: 'message'}, message, isSignedOut, retryAfter} of the errors that the server sends.
export function sortErrors(errors) {
    const sorted = { fields: {}, message: '', isSignedOut: false, retryAfter: 0 };
    for (const { message, extensions = {} } of errors) {
        const { code, argument, field = argument, retryAfter = 0 } = extensions;
        if (/^(UNAUTHENTICATED|TOKEN_EXPIRED|TOKEN_INVALID)$/.test(code)) sorted.isSignedOut = true;
        if (field) sorted.fields[field] ??= message;
        else if (code === 'INTERNAL_SERVER_ERROR') sorted.message ||= 'Something went wrong here. Nothing is lost: try again.';
        else sorted.message ||= message;
        sorted.retryAfter = Math.max(sorted.retryAfter, retryAfter);
    }
    return sorted;
}
