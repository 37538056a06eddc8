// submit.tsx - post a link.
//
// SPDX-License-Identifier: MIT
import { CreateLinkDocument } from '../gql/graphql';
import { useDraft } from '../forms/draft';
import { Form } from '../forms/form';
import { sendOnce } from '../forms/send_once';
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
        const { data, error } = await sendOnce(FORM, CreateLinkDocument, variables);
        const link = data?.createLink?.linkNode;
        if (link) {
            draft.forget();
            go(linkTo('item', { id: link.pk }));
            announce('Your link is posted.');
        }
        return error;
    };
    return (
        <Form names={linkFields} button="Submit" isOnce send={send} check={() => checkLink(draft.values)}>
            {(errors) => <LinkFields draft={draft} errors={errors} />}
        </Form>
    );
}
