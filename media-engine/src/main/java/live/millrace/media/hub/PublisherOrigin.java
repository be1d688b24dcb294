// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

/**
 * By what right somebody publishes. A stream that has a publisher goes to another one of the same origin, who takes over, and to
 * nobody else.
 *
 * <p>A further way in adds its record here: another node that hands its streams on, for example, is neither of these.
 */
public sealed interface PublisherOrigin {
    /**
     * Somebody connected and was let in.
     *
     * @param credentialId names the key without revealing it
     */
    record Key(String credentialId) implements PublisherOrigin {}

    /**
     * The engine fetches it by itself, on demand: a {@link StreamSource}.
     *
     * @param source names the source
     */
    record Pull(String source) implements PublisherOrigin {}
}
