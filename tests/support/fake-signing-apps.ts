// A directory of apps that sign without a ticket: the signature repeats what was signed, so a test can see it.
import { ServiceError } from '../../src/base/errors';
import type { SigningApps, AppStatus, Audience, Renewal, SigningApp } from '../../src/apps/signing-app';
import type { RefusalReport } from '../../src/signing/refusal-report';
import { compileAllowedOrigins } from '../../src/signing/allowed-origins';
import type { AllowedOrigins, PageUrl, SignedConfig } from '../../src/signing/types';

export class FakeSigningApp implements SigningApp {
  readonly allowedOrigins: AllowedOrigins;
  h5SdkUrls: readonly string[] | undefined;
  able = true;
  readonly reports: RefusalReport[] = [];
  /** For whom it was asked to sign. */
  readonly audiences: Audience[] = [];
  /** Replaces the answer of `signPage`. */
  answer: ((page: PageUrl) => SignedConfig | Promise<SignedConfig>) | undefined;

  constructor(
    readonly appId = 'cli_fake',
    origins: readonly string[] = ['*'],
  ) {
    this.allowedOrigins = compileAllowedOrigins(origins);
  }

  signPage(page: PageUrl, audience: Audience = {}): SignedConfig | Promise<SignedConfig> {
    this.audiences.push(audience);
    return this.answer?.(page) ?? this.sign(page);
  }

  sign({ toSign }: PageUrl): SignedConfig {
    return {
      appId: this.appId,
      timestamp: 1_767_225_600_000,
      nonceStr: '0'.repeat(32),
      signature: 'a'.repeat(40),
      url: toSign,
    };
  }

  canSign(): boolean {
    return this.able;
  }

  report(report: RefusalReport): Promise<void> {
    this.reports.push(report);
    return Promise.resolve();
  }

  renew({ fingerprint }: { fingerprint?: string | undefined }): Promise<Renewal> {
    if (fingerprint !== undefined && fingerprint !== this.status().fingerprint)
      return Promise.reject(new ServiceError('FINGERPRINT_MISMATCH', 'Another ticket is in use.'));
    return Promise.resolve({ result: 'renewed', fingerprint: 'fedcba98', expiresInSeconds: 7_190 });
  }

  status(): AppStatus {
    return {
      appId: this.appId,
      state: 'fresh',
      expiresInSeconds: 7_000,
      renewsInSeconds: 5_000,
      lifeSeconds: 7_200,
      fingerprint: '01234567',
      lastFailure: null,
    };
  }
}

export class FakeSigningApps implements SigningApps {
  isReady = true;
  readonly #apps: readonly FakeSigningApp[];

  /** The first app is found when none is named. */
  constructor(...apps: FakeSigningApp[]) {
    this.#apps = apps;
  }

  find(name: string | undefined): SigningApp {
    const app = name === undefined ? this.#apps[0] : this.#apps.find(({ appId }) => appId === name);
    if (!app) throw new ServiceError('APP_UNKNOWN', 'No such app is configured here.');
    return app;
  }

  ready(): boolean {
    return this.isReady;
  }

  all(): readonly SigningApp[] {
    return this.#apps;
  }
}
