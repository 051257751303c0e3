import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';

/** API of the gateway for open connections. */
export interface Sender {
  /**
   * @returns false if the connection is gone. @throws Error if the gateway does not accept the message
   */
  send(connectionId: string, message: string): Promise<boolean>;
  /** Closes a connection; does nothing if it is gone. */
  close(connectionId: string): Promise<void>;
}

/** @param url of the stage of the WebSocket API, with https */
export function gatewaySender(
  url: string,
  client = new ApiGatewayManagementApiClient({ endpoint: url }),
): Sender {
  return {
    async send(ConnectionId, Data) {
      try {
        await client.send(new PostToConnectionCommand({ ConnectionId, Data }));
        return true;
      } catch (error) {
        if (error instanceof GoneException) return false;
        throw error;
      }
    },
    async close(ConnectionId) {
      try {
        await client.send(new DeleteConnectionCommand({ ConnectionId }));
      } catch (error) {
        if (!(error instanceof GoneException)) throw error;
      }
    },
  };
}
