// login.tsx - log in.
//
// SPDX-License-Identifier: MIT
import { useState } from 'preact/hooks';
import { ViewerDocument } from '../gql/graphql';
import { useDraft } from '../forms/draft';
import { Field } from '../forms/field';
import { Form, required } from '../forms/form';
import { useQuery } from '../graphql/use_query';
import { linkTo, safeNext } from '../router/link_to';
import type { Address } from '../router/router';
import { useScroll } from '../router/scroll';
import { Heading } from '../ui/heading';
import { signIn } from './sign_in';

export default function LogIn({ address }: { address: Address }) {
    const draft = useDraft('login', { username: '' });
    const [password, setPassword] = useState('');
    const next = safeNext(address.params.get('next'));
    const { username } = draft.values;
    useQuery(ViewerDocument, {});
    useScroll(true);

    const send = async () => {
        const error = await signIn(username, password, next);
        if (!error) {
            draft.forget();
        }
        return error;
    };
    return (
        <>
            <Heading text="Log in" />
            {address.params.get('why') === 'vote' && <p>Log in to vote.</p>}
            <Form
                names={['username', 'password']}
                button="Log in"
                send={send}
                check={() => required({ username, password }, { username: 'Your username is needed.', password: 'Your password is needed.' })}
            >
                {(errors) => (
                    <>
                        <Field
                            name="username"
                            label="Username"
                            value={username}
                            onValue={(value) => draft.set('username', value)}
                            autocomplete="username"
                            error={errors['username']}
                        />
                        <Field
                            name="password"
                            label="Password"
                            type="password"
                            value={password}
                            onValue={setPassword}
                            autocomplete="current-password"
                            error={errors['password']}
                        />
                    </>
                )}
            </Form>
            <p>
                No account? <a href={linkTo('signup', { next: address.params.get('next') })}>Sign up</a>
            </p>
        </>
    );
}
