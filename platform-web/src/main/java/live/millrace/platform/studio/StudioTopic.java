// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio;

import java.util.List;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.TokenScope;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.LiveChanged;
import live.millrace.platform.engine.LiveView;
import live.millrace.platform.live.AttemptRecorded;
import live.millrace.platform.live.Broadcasting;
import live.millrace.platform.socket.Page;
import live.millrace.platform.socket.PageSockets;
import live.millrace.platform.socket.Topic;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** {@code studio:{channel}}: the encoder's figures once a second, and the connection log as it grows. For the owner alone. */
@Component
class StudioTopic implements Topic {
    private static final String PREFIX = "studio:";

    private final ObjectProvider<Engine> engine;
    private final Channels channels;
    private final Broadcasting broadcasting;
    private final PageSockets sockets;
    private final StreamHistory history;

    StudioTopic(
            ObjectProvider<Engine> engine,
            Channels channels,
            Broadcasting broadcasting,
            PageSockets sockets,
            StreamHistory history) {
        this.engine = engine;
        this.channels = channels;
        this.broadcasting = broadcasting;
        this.sockets = sockets;
        this.history = history;
    }

    @Override
    public TokenScope scope() {
        return TokenScope.CHANNEL;
    }

    @Override
    public boolean owns(String name) {
        return name.startsWith(PREFIX);
    }

    @Override
    public Optional<List<?>> join(String name, Page page, long since) {
        AccountPrincipal principal = page.principal();
        return channels.find(name.substring(PREFIX.length()))
                .filter(channel -> principal != null && channel.accountId() == principal.accountId())
                .map(channel -> {
                    Optional<LiveView> live = engine.getObject().live(channel.name());
                    return List.of(
                            history.of(live),
                            EncoderEvent.of(live, history),
                            AttemptsEvent.of(broadcasting.attempts(channel.id(), page.remote())));
                });
    }

    @EventListener
    void on(LiveChanged event) {
        tell(event.view());
    }

    @Scheduled(fixedDelay = 1_000)
    void tellFigures() {
        engine.getObject().live().forEach(this::tell);
    }

    private void tell(LiveView view) {
        if (sockets.anybody(PREFIX + view.channel())) {
            sockets.publish(PREFIX + view.channel(), EncoderEvent.of(Optional.of(view), history));
        }
    }

    @EventListener
    void on(AttemptRecorded event) {
        Long channelId = event.channelId();
        if (channelId != null) {
            channels.find(channelId)
                    .filter(channel -> sockets.anybody(PREFIX + channel.name()))
                    .ifPresent(channel -> sockets.publish(
                            PREFIX + channel.name(),
                            AttemptsEvent.of(broadcasting.attempts(channel.id(), event.remote()))));
        } else {
            // Nobody's key: told to whoever has a connect page open at the same address, because it may be theirs.
            sockets.publishAt(PREFIX, event.remote(), AttemptsEvent.of(broadcasting.attempts(NOBODY, event.remote())));
        }
    }

    /** No channel has this id. */
    private static final long NOBODY = -1;
}
