// field.tsx - a labelled field, with its hint and its error.
//
// SPDX-License-Identifier: MIT
import type { ComponentChildren, InputHTMLAttributes } from 'preact';

interface Props {
    name: string;
    label: string;
    value: string;
    onValue: (value: string) => void;
    type?: 'text' | 'url' | 'email' | 'password';
    autocomplete?: string;
    hint?: ComponentChildren;
    error?: string | undefined;
    maxLength?: number;
    /** A text of several lines. */
    isLong?: boolean;
    isOptional?: boolean;
}

export function Field({ name, label, value, onValue, type = 'text', hint, error, isLong = false, isOptional = false, ...rest }: Props) {
    const described = [error && `${name}-error`, hint && `${name}-hint`].filter(Boolean).join(' ');
    // (The types of Preact want one of each kind of input.)
    const kind = { type } as InputHTMLAttributes<HTMLInputElement>;
    const common = {
        id: name,
        name,
        value,
        required: !isOptional,
        'aria-invalid': error ? ('true' as const) : undefined,
        'aria-describedby': described || undefined,
        ...rest,
    };
    return (
        <div class="field">
            <label for={name}>
                {label}
                {isOptional && <span class="hint"> (optional)</span>}
            </label>
            {isLong ? (
                <textarea {...common} rows={3} dir="auto" onInput={(event) => onValue(event.currentTarget.value)} />
            ) : (
                <input {...common} {...kind} onInput={(event) => onValue(event.currentTarget.value)} />
            )}
            {hint && (
                <p class="hint" id={`${name}-hint`}>
                    {hint}
                </p>
            )}
            {error && (
                <p class="error" id={`${name}-error`}>
                    {error}
                </p>
            )}
        </div>
    );
}
