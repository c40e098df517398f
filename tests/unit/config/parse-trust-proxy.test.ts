// TRUST_PROXY: what is accepted is accepted by Express too, and no client is trusted by accident.
import express from 'express';
import { parseTrustProxy } from '../../../src/config/parse-trust-proxy';

describe('parseTrustProxy', () => {
  it.each<[string, false | number | string]>([
    ['false', false],
    ['off', false],
    ['0', false],
    ['1', 1],
    ['20', 20],
    ['loopback', 'loopback'],
    ['loopback, linklocal,uniquelocal', 'loopback,linklocal,uniquelocal'],
    ['10.0.0.0/8, 192.168.1.7', '10.0.0.0/8,192.168.1.7'],
    ['fd00::/8,::1', 'fd00::/8,::1'],
  ])('reads %s, as Express does', (text, value) => {
    expect(parseTrustProxy(text)).toBe(value);
    expect(() => express().set('trust proxy', parseTrustProxy(text))).not.toThrow();
  });

  it.each([
    ['true', /trust any address a client writes.*write false, the number/],
    ['on', /trust any/],
    ['-1', /not an address/],
    ['1.5', /not an address/],
    ['21', /not an address/],
    ['nginx', /not an address or subnet: "nginx"; write false/],
    ['10.0.0.0/33', /"10\.0\.0\.0\/33"/],
    ['10.0.0.0/0', /"10\.0\.0\.0\/0"/],
    ['10.0.0.0/255.0.0.0', /not an address/],
    ['::/129', /not an address/],
    ['10.0.0.0/8/8', /not an address/],
    ['10.0.0.1,,10.0.0.2', /not an address or subnet: ""/],
    ['10.0.0.1,x,y', /"x", "y"/],
  ])('refuses %s', (text, message) => {
    expect(() => parseTrustProxy(text)).toThrow(message);
  });
});
