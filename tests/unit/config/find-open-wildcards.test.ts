// Wildcard origins below which names are open to registration, and those that only look so.
import { findOpenWildcards } from '../../../src/config/find-open-wildcards';

test.each([
  ['https://*.com.cn', 'com.cn'],
  ['https://*.COM.CN:*', 'com.cn'],
  ['http://*.co.uk/', 'co.uk'],
  ['https://*.gd.cn', 'gd.cn'],
  ['https://*.公司.cn', 'xn--55qx5d.cn'],
  ['https://*.com.hk:8443', 'com.hk'],
  ['https://*.github.io', 'github.io'],
  ['https://*.oss-cn-hangzhou.aliyuncs.com', 'oss-cn-hangzhou.aliyuncs.com'],
])('%s is open to registration', (entry, domain) => {
  expect(findOpenWildcards(['https://h5.example.com', entry])).toEqual([domain]);
});

test.each([
  ...[
    'https://*.example.com',
    'https://*.example.com.cn',
    'https://*.me.github.io',
    'https://*.cn.com.example',
  ],
  ...[
    'https://com.cn',
    'https://shop.github.io',
    'http://localhost:*',
    'https://*.localhost',
    'https://*.co.example.uk',
  ],
  ...['https://*.feishu.cn', 'https://*.comx.cn', 'https://*.myaliyuncs.com', '*'],
])('%s is not', (entry) => {
  expect(findOpenWildcards([entry])).toEqual([]);
});
