// form.tsx - a form that is sent by a mutation: once at a time, its errors where they belong.
//
// SPDX-License-Identifier: MIT
import type { CombinedError } from '@urql/core';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type FormErrors, formErrors, noErrors } from '../graphql/errors';

interface Props {
    /** The names of the fields, which are those of the arguments. */
    names: readonly string[];
    button: string;
    /** It is sent with a key (send_once.ts), and so may be sent again whatever became of it. */
    isOnce?: boolean;
    /** Send it.  Returns what was refused, or undefined. */
    send: () => Promise<CombinedError | undefined>;
    /** What can be said without asking: errors by the name of the field. */
    check?: () => Record<string, string>;
    children: (errors: FormErrors['fields']) => ComponentChildren;
    /** Beside the button. */
    more?: ComponentChildren;
}

export function Form({ names, button, isOnce, send, check, children, more }: Props) {
    const [errors, setErrors] = useState(noErrors);
    const [isSending, setSending] = useState(false);
    // (The second of two quick clicks comes before the form is drawn again.)
    const isBusy = useRef(false);
    const form = useRef<HTMLFormElement>(null);

    // The first field that is wrong, or what is about the whole form.
    useEffect(() => {
        if (errors !== noErrors) {
            form.current?.querySelector<HTMLElement>('[aria-invalid="true"], .form-error')?.focus();
        }
    }, [errors]);

    const submit = async (event: SubmitEvent) => {
        event.preventDefault();
        if (isBusy.current) {
            return;
        }
        const found = check?.() ?? {};
        if (Object.keys(found).length > 0) {
            setErrors({ fields: found, form: null });
            return;
        }
        isBusy.current = true;
        setSending(true);
        setErrors(noErrors);
        const error = await send();
        isBusy.current = false;
        setSending(false);
        if (error) {
            setErrors(formErrors(error, names, isOnce));
        }
    };

    return (
        <form ref={form} noValidate onSubmit={submit}>
            {errors.form && (
                <p class="form-error error" role="alert" tabIndex={-1}>
                    {errors.form}
                </p>
            )}
            {children(errors.fields)}
            <p class="actions">
                {/* (Not disabled while it is sent, or the focus would be lost.) */}
                <button type="submit" class="main" aria-disabled={isSending}>
                    {isSending ? 'Sending …' : button}
                </button>
                {more}
            </p>
        </form>
    );
}

/** An error for each of the fields that has nothing but spaces. */
export function required(values: Record<string, string>, words: Record<string, string>): Record<string, string> {
    return Object.fromEntries(Object.entries(words).filter(([name]) => !values[name]?.trim()));
}
