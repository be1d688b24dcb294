// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine;

/** The fetching of a channel's stream changed its state. Published on any thread, the engine's own as well: whoever listens must not block. */
public record FetchChanged(String channel, FetchView view) {}
