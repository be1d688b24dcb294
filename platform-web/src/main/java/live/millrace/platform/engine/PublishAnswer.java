// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine;

/** May somebody publish? */
public sealed interface PublishAnswer {
    record Yes(String channel, long keyId) implements PublishAnswer {}

    record No(Refusal refusal) implements PublishAnswer {}

    /** Nobody knows while the database is away: to be asked again when it is back. */
    record Later() implements PublishAnswer {}
}
