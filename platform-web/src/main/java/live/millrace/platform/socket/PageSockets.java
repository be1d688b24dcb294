// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.socket;

/** Sends messages to the pages that joined a topic. Thread-safe; a slow page delays nobody for long and is closed. */
public interface PageSockets {
    /** Whether any page follows a topic. */
    boolean anybody(String topic);

    /** Sends a record as JSON, with {@code topic} and {@code seq} added. */
    void publish(String topic, Object message);

    /** The same to pages at one address alone, in every topic that starts with a prefix. */
    void publishAt(String topicPrefix, String remote, Object message);
}
