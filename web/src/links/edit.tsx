// edit.tsx - change or delete a link of one's own.
//
// SPDX-License-Identifier: MIT
import { useRef, useState } from 'preact/hooks';
import { DeleteLinkDocument, EditLinkDocument, type LinkRowFragment, UpdateLinkDocument } from '../gql/graphql';
import { useDraft } from '../forms/draft';
import { Form } from '../forms/form';
import { sendOnce } from '../forms/send_once';
import { errorText } from '../graphql/errors';
import { globalId } from '../graphql/global_id';
import { useQuery } from '../graphql/use_query';
import { linkTo } from '../router/link_to';
import { type Address, go } from '../router/router';
import { useScroll } from '../router/scroll';
import { LogInFirst } from '../session/needs_viewer';
import { viewer } from '../session/viewer';
import { announce } from '../ui/announce';
import { Heading } from '../ui/heading';
import { Problem } from '../ui/problem';
import { useStore } from '../ui/store';
import { LinkFields, checkLink, linkFields } from './link_fields';
import { NoSuchItem } from './no_such_item';
import { titleOf } from './url';

export default function Edit({ address }: { address: Address }) {
    const id = address.params.get('id') ?? '';
    const { data, error, again } = useQuery(EditLinkDocument, { id: globalId('LinkNode', id) });
    const who = useStore(viewer);
    useScroll(Boolean(data || error));
    const link = data?.relayLink;
    if (data && !link && !error) {
        return <NoSuchItem />;
    }
    return (
        <>
            <Heading text="Edit a link" />
            {error && <Problem error={error} again={again} />}
            {link && who === null && <LogInFirst next={linkTo('edit', { id })} />}
            {link && who && who.id !== link.postedBy?.id && <p>Only the user who posted this link may change it.</p>}
            {link && who && who.id === link.postedBy?.id && <EditForm key={who.id} link={link} />}
        </>
    );
}

function EditForm({ link }: { link: LinkRowFragment }) {
    const form = `edit:${link.pk}`;
    const draft = useDraft(form, { url: link.url, description: link.description });
    const item = linkTo('item', { id: link.pk });
    const send = async () => {
        const { url, description } = draft.values;
        const variables = { id: link.pk, url: url.trim(), description: description.trim() };
        const { data, error } = await sendOnce(form, UpdateLinkDocument, variables);
        if (data?.updateLink) {
            draft.forget();
            go(item);
            announce('Your link is changed.');
        }
        return error;
    };
    return (
        <>
            <Form
                names={linkFields}
                button="Save"
                isOnce
                send={send}
                check={() => checkLink(draft.values)}
                more={
                    <a href={item} onClick={draft.forget}>
                        Cancel
                    </a>
                }
            >
                {(errors) => <LinkFields draft={draft} errors={errors} />}
            </Form>
            <Delete link={link} onDeleted={draft.forget} />
        </>
    );
}

/** A button, and the question whether it was meant. */
function Delete({ link, onDeleted }: { link: LinkRowFragment; onDeleted: () => void }) {
    const dialog = useRef<HTMLDialogElement>(null);
    const [problem, setProblem] = useState<string | null>(null);
    const [isSending, setSending] = useState(false);
    const isBusy = useRef(false);
    const remove = async () => {
        if (isBusy.current) {
            return;
        }
        isBusy.current = true;
        setSending(true);
        setProblem(null);
        const { error } = await sendOnce(`delete:${link.pk}`, DeleteLinkDocument, { id: link.pk });
        isBusy.current = false;
        setSending(false);
        if (error) {
            setProblem(errorText(error, true));
            return;
        }
        onDeleted();
        dialog.current?.close();
        go('newest', { replace: true });
        announce('Your link is deleted.');
    };
    return (
        <>
            <h2>Delete it</h2>
            <button type="button" class="danger" onClick={() => dialog.current?.showModal()}>
                Delete this link …
            </button>
            <dialog ref={dialog} aria-labelledby="delete-title" aria-describedby="delete-text">
                <h2 id="delete-title">Delete this link?</h2>
                <p id="delete-text">
                    <bdi>{titleOf(link)}</bdi> and its votes will be gone for good.
                </p>
                {problem && (
                    <p class="error" role="alert">
                        {problem}
                    </p>
                )}
                <p class="actions">
                    <button type="button" autofocus onClick={() => dialog.current?.close()}>
                        Keep it
                    </button>
                    <button type="button" class="danger" aria-disabled={isSending} onClick={remove}>
                        Delete
                    </button>
                </p>
            </dialog>
        </>
    );
}
