// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source;

import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import live.millrace.media.hub.PublisherInfo;
import live.millrace.media.hub.PublisherOrigin;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.hub.StreamRegistry;

/**
 * What fetched streams and trials share. Thread-safe.
 *
 * @param protocols asked in this order
 */
record Surroundings(
        StreamRegistry registry,
        AddressGuard guard,
        List<SourceProtocol> protocols,
        SourceProtocol.Sockets sockets,
        InstantSource clock,
        Sources.Listener listener,
        SourceTallies tallies) {

    /** Who speaks the scheme of an address. */
    Optional<SourceProtocol> protocol(SourceAddress address) {
        String scheme = scheme(address);
        return protocols.stream()
                .filter(each -> each.schemes().containsKey(scheme))
                .findFirst();
    }

    private static String scheme(SourceAddress address) {
        String scheme = address.uri().getScheme();
        return scheme == null ? "" : scheme.toLowerCase(Locale.ROOT);
    }

    /** Who is said to publish what is fetched for a path. */
    PublisherInfo publisher(StreamPath path, InetSocketAddress at, String peer, SourceProtocol protocol) {
        return new PublisherInfo(
                UUID.randomUUID(),
                new PublisherOrigin.Pull(path.toString()),
                at,
                peer,
                protocol.name(),
                clock.instant());
    }

    /** Where an address is; see {@link AddressGuard#locate}. */
    CompletableFuture<InetSocketAddress> locate(SourceAddress address, SourceProtocol protocol) {
        String scheme = scheme(address);
        return guard.locate(
                address.uri(),
                protocol.schemes().getOrDefault(scheme, 0),
                address.reach(),
                () -> protocol.prepare(scheme));
    }
}
