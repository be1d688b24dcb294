// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.below;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import live.millrace.platform.chat.StoredMessage;
import live.millrace.platform.chat.VideoComments;
import org.springframework.stereotype.Service;

/** Comments below videos, for other features. */
@Service
class BelowVideos implements VideoComments {
    private final CommentStore store;
    private final Clock clock;

    BelowVideos(CommentStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public boolean open(long channelId) {
        return store.open(channelId);
    }

    @Override
    public void open(long channelId, boolean open) {
        store.open(channelId, open);
    }

    @Override
    public Optional<Kept> find(long id) {
        return store.find(id);
    }

    @Override
    public List<StoredMessage> around(long id, int each) {
        return store.around(id, each);
    }

    @Override
    public boolean hide(long id, long by) {
        return store.remove(id, by, false, clock.instant());
    }

    @Override
    public void show(long id) {
        store.restore(id);
    }
}
