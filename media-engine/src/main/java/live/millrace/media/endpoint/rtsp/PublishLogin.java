// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtsp;

import java.util.Optional;
import live.millrace.media.access.StreamKey;
import live.millrace.media.endpoint.PublishAddress;
import live.millrace.media.hub.StreamNaming;
import live.millrace.media.protocol.rtsp.Authorization;

/**
 * With which key somebody wants to publish, and to which channel: by the address, or by a log-in whose password, or user name, is the key.
 *
 * @param channel the channel that the address names
 * @param key empty when there is none yet: a client that has one is to be asked for it
 */
record PublishLogin(Optional<String> channel, Optional<StreamKey> key) {
    /** Of a channel; keys of a site are longer. */
    private static final int LONGEST_NAME = 24;

    /**
     * Puts together what was said.
     *
     * @param login of the request; empty when it has none
     */
    static PublishLogin of(PublishAddress address, Optional<Authorization> login, StreamNaming naming) {
        boolean inPath = address.key()
                .filter(key -> key.secret().equals(address.stream())
                        && address.channel().isEmpty())
                .isPresent();
        if (address.key().isPresent() && !inPath) {
            return new PublishLogin(address.channel(), address.key()); // ?key=
        }
        Optional<StreamKey> said = login.flatMap(each -> key(each, naming));
        if (said.isPresent()) {
            boolean named = !address.app().isEmpty()
                    && !address.stream().isEmpty()
                    && !address.stream().equals(said.get().secret());
            return new PublishLogin(named ? Optional.of(address.stream()) : Optional.empty(), said);
        }
        // On a site the last part of the path may be a channel's name, which is no key: its client has that in its
        // log-in.
        boolean name = inPath && isName(address.stream(), naming);
        return new PublishLogin(Optional.empty(), name ? Optional.empty() : address.key());
    }

    private static boolean isName(String text, StreamNaming naming) {
        return naming == StreamNaming.CHANNELS && text.length() <= LONGEST_NAME;
    }

    private static Optional<StreamKey> key(Authorization login, StreamNaming naming) {
        String user = login.user();
        String secret = switch (login) {
            case Authorization.Basic(String _, String password)
            when !password.isBlank() && !(isName(password, naming) && !isName(user, naming)) -> password;
            case Authorization.Basic _, Authorization.Answer _ -> user;
        };
        return secret.isBlank() || secret.length() > StreamKey.MAX_LENGTH
                ? Optional.empty()
                : Optional.of(new StreamKey(secret));
    }

    /** Any part may hold the key. */
    @Override
    public String toString() {
        return "PublishLogin[hidden]";
    }
}
