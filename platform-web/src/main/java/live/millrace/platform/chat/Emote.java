// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat;

/**
 * A small picture in a message, written {@code :code:}.
 *
 * @param src its address
 */
public record Emote(String code, String src) {}
