// sessions.tsx - where one is logged in, and one's password.
//
// SPDX-License-Identifier: MIT
import { useState } from 'preact/hooks';
import { ChangePasswordDocument, RevokeSessionDocument, SessionsDocument, type SessionsQuery } from '../gql/graphql';
import { Field } from '../forms/field';
import { Form, required } from '../forms/form';
import { client } from '../graphql/client';
import { errorText } from '../graphql/errors';
import { useQuery } from '../graphql/use_query';
import { useScroll } from '../router/scroll';
import { announce } from '../ui/announce';
import { Heading } from '../ui/heading';
import { Problem } from '../ui/problem';
import { useStore } from '../ui/store';
import { Time } from '../ui/time';
import { browserName } from './browser_name';
import { LogInFirst } from './needs_viewer';
import { signOut } from './sign_out';
import { viewer } from './viewer';

export default function Sessions() {
    const { data, error, again } = useQuery(SessionsDocument, {}, 'cache-and-network');
    const who = useStore(viewer);
    const sessions = data?.mySessions;
    useScroll(Boolean(sessions || error));
    return (
        <>
            <Heading text="Sessions" />
            {who === null && <LogInFirst next="sessions" />}
            {who !== null && error && <Problem error={error} again={again} />}
            {who !== null && sessions && (
                <>
                    <p>Where you are logged in, newest first.</p>
                    <ul class="sessions" role="list">
                        {sessions.map((session) => (
                            <Session key={session.id} session={session} again={again} />
                        ))}
                    </ul>
                    <h2>Change your password</h2>
                    <ChangePassword again={again} />
                </>
            )}
        </>
    );
}

function Session({ session, again }: { session: NonNullable<SessionsQuery['mySessions']>[number]; again: () => void }) {
    const [problem, setProblem] = useState<string | null>(null);
    const name = browserName(session.userAgent ?? '');
    const end = async () => {
        if (session.isCurrent) {
            await signOut();
            return;
        }
        const { error } = await client.get().mutation(RevokeSessionDocument, { id: session.id });
        setProblem(error ? errorText(error) : null);
        if (!error) {
            announce('The session is ended.');
            document.querySelector<HTMLElement>('h1')?.focus();
            again();
        }
    };
    return (
        <li>
            <div>
                <strong title={session.userAgent ?? ''}>{name}</strong>
                {session.isCurrent && ' (this one)'}
                <p class="meta">
                    logged in <Time time={session.createdAt} />, used <Time time={session.lastUsedAt} />
                </p>
                {problem && (
                    <p class="error" role="alert">
                        {problem}
                    </p>
                )}
            </div>
            <button type="button" onClick={end}>
                {session.isCurrent ? (
                    'Log out'
                ) : (
                    <>
                        End<span class="hidden"> the session of {name}</span>
                    </>
                )}
            </button>
        </li>
    );
}

const none = { oldPassword: '', newPassword: '' };
const words = { oldPassword: 'Your password is needed.', newPassword: 'A new password is needed.' };

function ChangePassword({ again }: { again: () => void }) {
    const [values, setValues] = useState(none);
    const [isDone, setDone] = useState(false);
    const send = async () => {
        setDone(false);
        const { data, error } = await client.get().mutation(ChangePasswordDocument, values);
        if (data?.changePassword?.changed) {
            setValues(none);
            setDone(true);
            // The others are ended by it.
            again();
        }
        return error;
    };
    const field = (name: keyof typeof none, label: string, autocomplete: string, errors: Record<string, string>, hint?: string) => (
        <Field
            name={name}
            label={label}
            type="password"
            value={values[name]}
            onValue={(value) => setValues({ ...values, [name]: value })}
            autocomplete={autocomplete}
            hint={hint}
            error={errors[name]}
        />
    );
    return (
        <>
            <Form names={['oldPassword', 'newPassword']} button="Change it" send={send} check={() => required(values, words)}>
                {(errors) => (
                    <>
                        {field('oldPassword', 'Password now', 'current-password', errors)}
                        {field('newPassword', 'New password', 'new-password', errors, 'Your other sessions end with it.')}
                    </>
                )}
            </Form>
            <p role="status">{isDone && 'Your password is changed.'}</p>
        </>
    );
}
