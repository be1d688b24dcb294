// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint;

import live.millrace.media.admission.PlayAdmission;
import live.millrace.media.admission.PublishAdmission;
import live.millrace.media.fanout.Feeds;
import live.millrace.media.hub.StreamLocator;
import live.millrace.media.hub.StreamNaming;
import live.millrace.media.socket.Listening;

/**
 * What an engine has for each of its endpoints: all that a protocol needs to let publishers in and viewers watch.
 *
 * @param listening what its ports are bound with
 * @param naming how the paths of addresses become names of streams
 * @param publishing lets publishers in
 * @param playing lets viewers in
 * @param locator finds the stream that a viewer wants, or has it brought
 * @param feeds the bytes that viewers of one stream and format share
 */
public record EndpointContext(
        Listening listening,
        StreamNaming naming,
        PublishAdmission publishing,
        PlayAdmission playing,
        StreamLocator locator,
        Feeds feeds) {}
