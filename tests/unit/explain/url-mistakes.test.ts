// The mistakes that page URLs are signed with.
import { urlMistakes } from '../../../src/explain/url-mistakes';

describe('urlMistakes', () => {
  afterEach(() => jest.restoreAllMocks());

  it('continues with a URL that cannot be rebuilt, though URL.canParse says it can', () => {
    jest.spyOn(URL, 'canParse').mockReturnValue(true);
    const mistakes = [...urlMistakes('https://h.cn:999999/a')];
    expect(mistakes.length).toBeGreaterThan(10);
    expect([...urlMistakes('https://h.cn:80/a')]).toContainEqual({
      code: 'URL_REBUILT',
      url: 'https://h.cn:80/a',
    });
  });
});
