// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine;

import java.time.Duration;

/**
 * Encoders can come; nobody is on air yet. Published on the thread that starts the engine.
 *
 * @param grace how long a broadcast waits for its encoder
 */
public record EngineStarted(Duration grace) {}
