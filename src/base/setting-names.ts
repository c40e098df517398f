// What settings are called where they are written: variables in the service, options in the library. Failures that say what to
// change name them so, and are made with one of the two.

/** Each name completes a sentence; the comment above the field shows it. */
export interface SettingNames {
  /** "Check that … and … belong together." */
  readonly appId: string;
  readonly appSecret: string;
  /** "Check …." */
  readonly domain: string;
  readonly proxy: string;
  /** "Add it to …." */
  readonly allowedOrigins: string;
  /** "Write https://…, or set …." */
  readonly allowHttp: string;
  /** "For a certificate authority of its own, …." */
  readonly trustCertificate: string;
  /** "Before raising …." */
  readonly ticketCallsPerHour: string;
  /** "Hand the app ticket over with …." */
  readonly giveAppTicket: string;
}

/** The variables of the service. An app of an apps file takes the ones that it does not name itself. */
export const VARIABLES: SettingNames = {
  appId: 'LARK_APP_ID',
  appSecret: 'LARK_APP_SECRET',
  domain: 'LARK_DOMAIN',
  proxy: 'HTTPS_PROXY, NO_PROXY',
  allowedOrigins: "ALLOWED_ORIGINS (or to the app's allowedOrigins in the apps file)",
  allowHttp: 'LARK_ALLOW_HTTP=true',
  trustCertificate: 'name its PEM file in LARK_CA_FILE',
  ticketCallsPerHour: 'TICKET_CALLS_PER_HOUR',
  giveAppTicket: 'PUT /admin/apps/<alias>/app-ticket',
};

/** The options of the library's `createSigner`. */
export const OPTIONS: SettingNames = {
  appId: 'appId',
  appSecret: 'appSecret',
  domain: 'domain',
  proxy: 'the option proxy',
  allowedOrigins: 'allowedOrigins of createSigner',
  allowHttp: 'allowHttp: true',
  trustCertificate: 'give its PEM text as caPem',
  ticketCallsPerHour: 'ticketCallsPerHour',
  giveAppTicket: 'setAppTicket of the signer',
};
