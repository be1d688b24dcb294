// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat;

/**
 * A small picture in a line, written {@code :code:}.
 *
 * @param src its address
 */
public record Emote(String code, String src) {}
