// What every command but `start` runs: in the built program a file of its own, which is loaded when one of them is asked for.
export { runDemo } from './demo';
export { runPlatformReport } from './doctor/platform-report';
export { runDoctor } from './doctor/doctor';
export { runExplain } from './explain-command';
export { runSandbox } from '../sandbox/run-sandbox';
