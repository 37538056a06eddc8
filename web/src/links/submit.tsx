// submit.tsx - post a link.
//
// SPDX-License-Identifier: MIT
import { CreateLinkDocument } from '../gql/graphql';
import { attemptKey, forgetAttempt } from '../forms/attempt';
import { useDraft } from '../forms/draft';
import { Form } from '../forms/form';
import { client } from '../graphql/client';
import { errorCode } from '../graphql/errors';
import { linkTo } from '../router/link_to';
import { go } from '../router/router';
import { announce } from '../ui/announce';
import { Heading } from '../ui/heading';
import { NeedsViewer } from '../session/needs_viewer';
import { LinkFields, checkLink, linkFields } from './link_fields';

const FORM = 'submit';

export default function Submit() {
    return (
        <>
            <Heading text="Submit a link" />
            <NeedsViewer next="submit">{(who) => <SubmitForm key={who.id} />}</NeedsViewer>
        </>
    );
}

function SubmitForm() {
    const draft = useDraft(FORM, { url: '', description: '' });
    const send = async () => {
        const variables = { url: draft.values.url.trim(), description: draft.values.description.trim() };
        const idempotencyKey = attemptKey(FORM, variables);
        const { data, error } = await client.get().mutation(CreateLinkDocument, variables, { idempotencyKey });
        const link = data?.createLink?.linkNode;
        // (A conflict: the key is another submission's, sent by an older version of this page.)
        if (link || (error && errorCode(error) === 'CONFLICT')) {
            forgetAttempt(FORM);
        }
        if (link) {
            draft.forget();
            go(linkTo('item', { id: link.pk }));
            announce('Your link is posted.');
        }
        return error;
    };
    return (
        <Form names={linkFields} button="Submit" send={send} check={() => checkLink(draft.values)}>
            {(errors) => <LinkFields draft={draft} errors={errors} />}
        </Form>
    );
}
