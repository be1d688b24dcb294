// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine;

/** A stream changed its state or its tracks. Published in order, on the engine's event thread. */
public record LiveChanged(LiveView view, boolean began) {}
