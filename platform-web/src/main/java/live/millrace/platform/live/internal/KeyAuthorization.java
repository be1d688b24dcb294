// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live.internal;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import live.millrace.platform.channel.BrowserKeys;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.StreamKeyView;
import live.millrace.platform.channel.StreamKeys;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.PublishAnswer;
import live.millrace.platform.engine.PublishAuthorization;
import live.millrace.platform.engine.PublishQuestion;
import live.millrace.platform.engine.Refusal;
import live.millrace.platform.shared.DatabaseState;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.NestedRuntimeException;
import org.springframework.stereotype.Component;

/** Decides who may publish, from keys, channels and accounts, and keeps the connection log. */
@Component
class KeyAuthorization implements PublishAuthorization {
    private final StreamKeys keys;
    private final BrowserKeys browsers;
    private final Channels channels;
    private final PublishRules rules;
    private final ObjectProvider<Engine> engine;
    private final ConnectionLog log;
    private final KnownKeys knownKeys;
    private final Continuations continuations;
    private final Clock clock;

    KeyAuthorization(
            StreamKeys keys,
            BrowserKeys browsers,
            Channels channels,
            PublishRules rules,
            ObjectProvider<Engine> engine,
            ConnectionLog log,
            KnownKeys knownKeys,
            Continuations continuations,
            Clock clock) {
        this.keys = keys;
        this.browsers = browsers;
        this.channels = channels;
        this.rules = rules;
        this.engine = engine;
        this.log = log;
        this.knownKeys = knownKeys;
        this.continuations = continuations;
        this.clock = clock;
    }

    @Override
    public PublishAnswer mayPublish(PublishQuestion question) {
        if (question.secret().isEmpty()) {
            return new PublishAnswer.No(Refusal.NO_KEY);
        }
        String secret = question.secret().get();
        try {
            PublishAnswer answer = ask(question, secret);
            if (answer instanceof PublishAnswer.No) {
                knownKeys.refused(secret);
            }
            return answer;
        } catch (NestedRuntimeException e) {
            if (!DatabaseState.causes(e)) {
                throw e;
            }
            return fromMemory(question, secret);
        }
    }

    /** While the database is away: a yes if nothing can have changed since the last one, else nobody knows. Never a no. */
    private PublishAnswer fromMemory(PublishQuestion question, String secret) {
        Instant since = clock.instant().minus(KnownKeys.KEPT);
        return knownKeys
                .find(secret)
                .filter(key -> key.at().isAfter(since)
                        || engine.getObject().live(key.channel()).isPresent())
                .filter(key -> question.channel()
                        .filter(named -> !named.equals(key.channel()))
                        .isEmpty())
                .filter(key -> rules.mayByMemory(key.channel(), question.remote(), key.streamer()))
                .<PublishAnswer>map(continuations::fromMemory)
                .orElseGet(PublishAnswer.Later::new);
    }

    private PublishAnswer ask(PublishQuestion question, String secret) {
        long losses = knownKeys.losses();
        Optional<StreamKeyView> known = keys.identify(secret);
        if (known.isEmpty()) {
            return new PublishAnswer.No(Refusal.UNKNOWN_KEY);
        }
        StreamKeyView key = known.get();
        ChannelView channel = channels.find(key.channelId()).orElseThrow();
        if (key.revoked()) {
            return new PublishAnswer.No(Refusal.KEY_REVOKED);
        }
        Optional<Refusal> against = rules.against(channel, question.remote(), key.blockedUntil());
        if (against.isPresent()) {
            return new PublishAnswer.No(against.get());
        }
        if (question.channel().filter(named -> !named.equals(channel.name())).isPresent()) {
            return new PublishAnswer.No(Refusal.WRONG_CHANNEL);
        }
        if (key.browser()) {
            // Last, since it is used up by that; and kept in no memory.
            return browsers.begin(key.id(), secret)
                    ? continuations.yes(channel, key.id(), Optional.empty())
                    : new PublishAnswer.No(Refusal.KEY_REVOKED);
        }
        Optional<String> passphrase = key.encrypted() ? keys.passphrase(key.id()) : Optional.empty();
        knownKeys.accepted(secret, channel, key.id(), rules.streamer(channel), passphrase, losses);
        return continuations.yes(channel, key.id(), passphrase);
    }

    @Override
    public void refused(PublishQuestion question, Refusal refusal, OptionalLong keyId) {
        keyId.ifPresent(browsers::gaveUp);
        Optional<StreamKeyView> key = keyId.isPresent()
                ? keys.find(keyId.getAsLong())
                : question.secret().flatMap(keys::findByPrefix);
        log.add(question, "REFUSED", Optional.of(refusal.name()), key);
    }

    @Override
    public void started(PublishQuestion question, long keyId) {
        browsers.began(keyId);
        keys.used(keyId, question.encoder());
        log.add(question, "PUBLISHED", Optional.empty(), keys.find(keyId));
    }

    @Override
    public void left(long keyId) {
        knownKeys.ended(keyId);
    }

    @Override
    public void ended(PublishQuestion question, long keyId, String end) {
        // Gone with its channel: nobody is left to read of it.
        keys.find(keyId).ifPresent(key -> log.add(question, "ENDED", Optional.of(end), Optional.of(key)));
    }
}
