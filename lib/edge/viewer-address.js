// CloudFront Function (JavaScript runtime 2.0), at every request for the API. Behind CloudFront the API sees the address of
// an edge location. Always set, so that no client can choose it.
/** @param {import('./viewer-event.d.ts').ViewerEvent} event */
// eslint-disable-next-line @typescript-eslint/no-unused-vars -- CloudFront calls it by its name
function handler(event) {
  const request = event.request;
  request.headers['x-viewer-address'] = { value: event.viewer.ip };
  return request;
}
