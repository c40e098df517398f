// Which tenant keys are refused before the platform is asked.
import { requireTenantKey } from '../../../../src/apps/store/tenant-refusal';

it.each(['736588c9260f175d', 'a_b-c', 'null'])('takes %j for a tenant key', (tenantKey) => {
  expect(requireTenantKey(tenantKey)).toBe(tenantKey);
});

it.each([undefined, null])('takes %j of a session for no tenant', (tenantKey) => {
  expect(() => requireTenantKey(tenantKey)).toThrow(
    expect.objectContaining({
      code: 'TENANT_REQUIRED',
      message: expect.stringContaining('installed by many') as unknown,
    }),
  );
});

it.each([['t1'], { toString: () => 't1' }, 7, true, '', 'a b', 'tenants'].map((key) => [key]))(
  'refuses %j, which is no tenant key',
  (tenantKey) => {
    expect(() => requireTenantKey(tenantKey)).toThrow(
      expect.objectContaining({
        code: 'TENANT_REQUIRED',
        message: expect.stringContaining('not a tenant key') as unknown,
      }),
    );
  },
);
