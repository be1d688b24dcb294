// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live.internal;

import live.millrace.platform.account.AccountSuspended;
import live.millrace.platform.account.AccountView;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.StreamingSuspended;
import live.millrace.platform.channel.ChannelRemoved;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.StreamKeyRevoked;
import live.millrace.platform.channel.StreamKeyView;
import live.millrace.platform.channel.StreamKeys;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.live.Broadcasting;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Takes off the air who lost the right to be there. It is told also of what nobody knows to be committed, so it asks whether it is so: a
 * broadcast that has ended does not come back.
 */
@Component
class LostRights {
    private final ObjectProvider<Engine> engine;
    private final StreamKeys keys;
    private final Accounts accounts;
    private final Channels channels;
    private final Broadcasting broadcasting;

    LostRights(
            ObjectProvider<Engine> engine,
            StreamKeys keys,
            Accounts accounts,
            Channels channels,
            Broadcasting broadcasting) {
        this.engine = engine;
        this.keys = keys;
        this.accounts = accounts;
        this.channels = channels;
        this.broadcasting = broadcasting;
    }

    @TransactionalEventListener
    void on(StreamKeyRevoked event) {
        if (keys.find(event.keyId()).map(StreamKeyView::revoked).orElse(true)) {
            engine.getObject().endKey(event.keyId());
        }
    }

    @TransactionalEventListener
    void on(AccountSuspended event) {
        if (accounts.find(event.accountId()).map(AccountView::suspended).orElse(true)) {
            endAll(event.accountId());
        }
    }

    @TransactionalEventListener
    void on(StreamingSuspended event) {
        if (accounts.find(event.accountId()).map(AccountView::streamSuspended).orElse(true)) {
            endAll(event.accountId());
        }
    }

    @TransactionalEventListener
    void on(ChannelRemoved event) {
        if (channels.find(event.channelId()).isEmpty()) {
            broadcasting.takeDownPicture(event.name());
            engine.getObject().end(event.name());
        }
    }

    private void endAll(long accountId) {
        channels.allOf(accountId).forEach(channel -> {
            broadcasting.takeDownPicture(channel.name());
            engine.getObject().end(channel.name());
        });
    }
}
