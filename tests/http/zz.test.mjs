import { execFileSync, spawn } from 'node:child_process';
import { test } from 'node:test';
import { readFileSync, readdirSync } from 'node:fs';
import { asParameters, makeUsers, unique } from './lib/accounts.mjs';
import { plainCgi } from './lib/cgi.mjs';
import { Session } from './lib/database.mjs';
import { root } from './lib/environment.mjs';
test('x', async () => {
    const library='/tmp/oc/torture.so';
    const session = new Session(); const [ada] = await makeUsers(session, 1, { prefix: 't' }); session.close();
    for (let rep=0; rep<6; rep++) for (let n=8;n<=26;n++) {
        const t=performance.now();
        const p = plainCgi('mutation ($u: String!) { createLink(url: $u) { url } }', {u:'https://torture.example/'+unique('l')}, {environment:{LD_PRELOAD:library,TORTURE_KIND:'call',TORTURE_ERRNO:'28',TORTURE_AT:String(n),...asParameters(ada)}});
        const timer=setTimeout(()=>{ 
            try { console.log(n, execFileSync('bash',['-c','for p in $(pgrep -x linnet); do if tr "\\0" "\\n" < /proc/$p/environ | grep -q TORTURE_AT; then ls -l /proc/$p/fd; for t in /proc/$p/task/*; do echo $t; cat $t/wchan $t/syscall $t/stack; done; gdb -p $p -batch -ex "thread apply all bt" 2>/dev/null | grep "^#\\|^Thr"; fi; done']).toString()); } catch(e){console.log(String(e))}
        }, 6000);
        const r = await p; clearTimeout(timer);
        const d=performance.now()-t; if (d>2000||r.signal) console.log(rep,n,Math.round(d),r.signal,r.output.slice(0,200),r.log.slice(-400));
        if (r.signal) return;
    }
});
