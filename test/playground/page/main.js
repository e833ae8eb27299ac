// Gives the tests the package as a bundler makes it part of a page.
import * as regulus from 'regulus';
import * as worker from 'regulus/worker';

Object.assign(globalThis, { regulus, worker });
