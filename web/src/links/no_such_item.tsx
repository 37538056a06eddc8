// no_such_item.tsx - what an address with an unknown id shows.
//
// SPDX-License-Identifier: MIT
import { Heading } from '../ui/heading';

export function NoSuchItem({ text = 'No such item' }: { text?: string }) {
    return (
        <>
            <Heading text={text} />
            <p>
                It may have been deleted. <a href="./">To the front page</a>
            </p>
        </>
    );
}
