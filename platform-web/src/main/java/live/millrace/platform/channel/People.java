// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who people are beside what they write and do. A person has one face, that of the channel of their name, whichever of their channels
 * it is about. Thread-safe.
 */
public interface People {
    /**
     * Somebody as others see them.
     *
     * @param name the user name
     * @param displayName what they are called; the name when they chose nothing else
     * @param avatar a picture's name
     */
    record Person(
            long accountId,
            String name,
            String displayName,
            @Nullable String avatar) {}

    Optional<Person> find(long accountId);

    /** Those of them that are still there. */
    List<Person> findAll(Collection<Long> accountIds);
}
