// CloudFront Function (JavaScript runtime 2.0), at every request for a file of the SPA; the local edge runs it too.
// The path of a page has no extension: the application is answered, which routes in the browser. A missing file is a 404.
/** @param {import('./viewer-event.d.ts').ViewerEvent} event */
// eslint-disable-next-line @typescript-eslint/no-unused-vars -- CloudFront calls it by its name
function handler(event) {
  const request = event.request;
  const name = request.uri.slice(request.uri.lastIndexOf('/') + 1);
  if (name.indexOf('.') === -1) request.uri = '/index.html';
  return request;
}
