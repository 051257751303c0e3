/** Of the event of a CloudFront Function at the request of a viewer: the parts that functions here use. */
export interface ViewerEvent {
  readonly viewer: { readonly ip: string };
  readonly request: { uri: string; readonly headers: Record<string, { value: string }> };
}
