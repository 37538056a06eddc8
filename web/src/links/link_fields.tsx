// link_fields.tsx - the two fields of a link, of which one posts and changes it.
//
// SPDX-License-Identifier: MIT
import type { Draft } from '../forms/draft';
import { Field } from '../forms/field';
import { required } from '../forms/form';
import { webUrl } from './url';

export const linkFields = ['url', 'description'] as const;

const MOST_URL = 2048;
const MOST_DESCRIPTION = 2000;

export function checkLink(values: Record<(typeof linkFields)[number], string>): Record<string, string> {
    if (values.url.trim() && !webUrl(values.url.trim())) {
        return { url: 'The address must begin with https:// or http://.' };
    }
    // (The contract's bounds.  Much more than that is refused before anybody looks whose it is.)
    const found: Record<string, string> = {};
    if ([...values.url.trim()].length > MOST_URL) {
        found['url'] = 'The address of a link has at most 2,048 characters.';
    }
    if ([...values.description.trim()].length > MOST_DESCRIPTION) {
        found['description'] = 'A title has at most 2,000 characters.';
    }
    return Object.keys(found).length > 0 ? found : required(values, { url: 'The address of the link is needed.' });
}

interface Props {
    draft: Draft<(typeof linkFields)[number]>;
    errors: Record<string, string>;
}

export function LinkFields({ draft: { values, set }, errors }: Props) {
    return (
        <>
            <Field
                name="url"
                label="Address"
                type="url"
                value={values.url}
                onValue={(value) => set('url', value)}
                autocomplete="url"
                hint="A page on the web: https://…"
                error={errors['url']}
            />
            <Field
                name="description"
                label="Title"
                value={values.description}
                onValue={(value) => set('description', value)}
                hint="What lists show. Without one they show the address."
                error={errors['description']}
                isOptional
                isLong
            />
        </>
    );
}
