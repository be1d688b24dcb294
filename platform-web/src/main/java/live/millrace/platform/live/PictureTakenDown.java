// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live;

/** No picture is to be shown any more of what a channel broadcasts now or broadcast last. Published where that is decided, in its transaction. */
public record PictureTakenDown(long channelId) {}
