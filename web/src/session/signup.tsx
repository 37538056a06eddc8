// signup.tsx - make an account, and log in with it.
//
// SPDX-License-Identifier: MIT
import { useState } from 'preact/hooks';
import { SignUpDocument, ViewerDocument } from '../gql/graphql';
import { useDraft } from '../forms/draft';
import { Field } from '../forms/field';
import { Form, required } from '../forms/form';
import { client } from '../graphql/client';
import { useQuery } from '../graphql/use_query';
import { linkTo, safeNext } from '../router/link_to';
import { type Address, go } from '../router/router';
import { useScroll } from '../router/scroll';
import { Heading } from '../ui/heading';
import { signIn } from './sign_in';
import { notice } from './viewer';

const words = {
    username: 'A username is needed.',
    email: 'An e-mail address is needed.',
    password: 'A password is needed.',
};

export default function SignUp({ address }: { address: Address }) {
    const draft = useDraft('signup', { username: '', email: '' });
    const [password, setPassword] = useState('');
    const next = safeNext(address.params.get('next'));
    const { username, email } = draft.values;
    useQuery(ViewerDocument, {});
    useScroll(true);

    const send = async () => {
        const { data, error } = await client.get().mutation(SignUpDocument, { username, password, email }, { isOfSession: true });
        if (!data?.createUser) {
            return error;
        }
        draft.forget();
        if (await signIn(username, password, next)) {
            // The account is there: the same form would find the name taken.
            go(linkTo('login', { next: address.params.get('next') }), { replace: true });
            notice.set('Your account is there, but you are not logged in yet.');
        }
        return undefined;
    };
    return (
        <>
            <Heading text="Sign up" />
            <Form names={['username', 'email', 'password']} button="Sign up" send={send} check={() => required({ username, email, password }, words)}>
                {(errors) => (
                    <>
                        <Field
                            name="username"
                            label="Username"
                            value={username}
                            onValue={(value) => draft.set('username', value)}
                            autocomplete="username"
                            hint="Letters, digits and @.+-_; everybody sees it."
                            error={errors['username']}
                        />
                        <Field
                            name="email"
                            label="E-mail address"
                            type="email"
                            value={email}
                            onValue={(value) => draft.set('email', value)}
                            autocomplete="email"
                            hint="Only you see it."
                            error={errors['email']}
                        />
                        <Field
                            name="password"
                            label="Password"
                            type="password"
                            value={password}
                            onValue={setPassword}
                            autocomplete="new-password"
                            hint="At least 8 characters, and no common one."
                            error={errors['password']}
                        />
                    </>
                )}
            </Form>
            <p>
                Have an account? <a href={linkTo('login', { next: address.params.get('next') })}>Log in</a>
            </p>
        </>
    );
}
