// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.survival;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import live.millrace.media.endpoint.srt.SrtEndpoint;
import live.millrace.media.endpoint.srt.SrtTallies;
import live.millrace.media.testing.SrtScript;
import live.millrace.media.testing.Wait;

/** What comes to the port of SRT. */
final class SrtCases {
    private static final String AREA = "srt";

    private SrtCases() {}

    private interface Attack {
        void run(SrtScript script) throws Exception;
    }

    static List<SurvivalCase> all() {
        List<SurvivalCase> cases = new ArrayList<>();
        cases.add(stranger("2,000 datagrams of noise", script -> {
            Random noise = new Random(1);
            for (int i = 0; i < 2_000; i++) {
                byte[] datagram = new byte[noise.nextInt(1_600)];
                noise.nextBytes(datagram);
                script.send(datagram);
            }
        }));
        cases.add(stranger("2,000 first handshakes that are never followed", script -> {
            for (int i = 0; i < 2_000; i++) {
                script.send(SrtScript.handshake(4, 2, 1, 0));
            }
        }));
        cases.add(stranger("2,000 conclusions with invented cookies", script -> {
            for (int i = 0; i < 2_000; i++) {
                script.send(SrtScript.handshake(5, 5, SrtScript.CONCLUSION, i + 1, SrtScript.wishes("publish:a")));
            }
        }));
        cases.add(publisher("packets numbered at random", script -> {
            Random numbers = new Random(2);
            for (int i = 0; i < 2_000; i++) {
                script.data(numbers.nextInt() & 0x7FFF_FFFF, new byte[1_316]);
            }
        }));
        cases.add(publisher("each second packet of a window", script -> {
            for (int i = 0; i < 4_000; i++) {
                script.data(100 + 2 * i, new byte[188]);
            }
        }));
        cases.add(publisher("reports of losses and drops of everything", script -> {
            for (int i = 0; i < 500; i++) {
                script.control(3, 0x8000_0000, 0x7FFF_FFFF);
                script.control(7, 0, 0x7FFF_FFFF);
                script.control(2, 0x7FFF_FFFF, 0, 0, 0);
                script.control(0x7FFF, i);
            }
        }));
        cases.add(publisher("sound of nothing: no transport stream at all", script -> {
            for (int i = 0; i < 1_000; i++) {
                script.data(100 + i, new byte[1_316]);
            }
        }));
        return cases;
    }

    private static SrtEndpoint endpoint(Scene scene) {
        return scene.engine().endpoint(SrtEndpoint.class);
    }

    private static SurvivalCase stranger(String name, Attack attack) {
        return new SurvivalCase(AREA, name, scene -> {
            SrtEndpoint endpoint = endpoint(scene);
            try (SrtScript script = new SrtScript(scene.engine().port("srt"))) {
                attack.run(script);
            }
            try (SrtScript other = new SrtScript(scene.engine().port("srt"))) {
                Wait.until("others are answered", () -> {
                    other.send(SrtScript.handshake(4, 2, 1, 0));
                    return other.receive(200).isPresent();
                });
            }
            assertThat(endpoint.connections()).isZero();
            return "nothing is kept";
        });
    }

    private static SurvivalCase publisher(String name, Attack attack) {
        return new SurvivalCase(AREA, name, scene -> {
            SrtEndpoint endpoint = endpoint(scene);
            long before = endpoint.tallies().handshakes().of(SrtTallies.Handshake.ACCEPTED);
            try (SrtScript script = new SrtScript(scene.engine().port("srt"))) {
                assertThat(script.conclude("publish:live/" + Scene.KEY + scene.channel()))
                        .isEqualTo(SrtScript.CONCLUSION);
                attack.run(script);
                Wait.until("it is over", () -> {
                    script.control(5, 0);
                    return endpoint.connections() == 0;
                });
            }
            assertThat(endpoint.tallies().handshakes().of(SrtTallies.Handshake.ACCEPTED))
                    .isEqualTo(before + 1);
            return "goes on until it leaves";
        });
    }
}
