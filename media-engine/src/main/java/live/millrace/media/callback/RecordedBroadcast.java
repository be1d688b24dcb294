// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.callback;

/**
 * A recording that ended, as callbacks tell of it.
 *
 * @param id its public name
 * @param application what the broadcast was watched in
 * @param name under which it was watched
 * @param directory of all recordings, absolute
 * @param folder of this one's files, absolute
 * @param durationMillis how long it plays
 * @param bytes what it takes
 */
public record RecordedBroadcast(
        String id, String application, String name, String directory, String folder, long durationMillis, long bytes) {}
