// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience.internal;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import live.millrace.platform.audience.Guest;
import live.millrace.platform.audience.Guests;
import live.millrace.platform.audience.Viewer;
import org.springframework.stereotype.Component;

/** Nobody is on any list. */
@Component
class NoGuests implements Guests {
    @Override
    public Optional<Guest> of(long channelId, Viewer viewer) {
        return Optional.empty();
    }

    @Override
    public Set<Long> invitedTo(long accountId, Collection<Long> channelIds) {
        return Set.of();
    }

    @Override
    public Optional<Guest> find(long guestId) {
        return Optional.empty();
    }

    @Override
    public Map<Long, Guest> ofBrowser(String cookie) {
        return Map.of();
    }
}
