// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera.internal;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import live.millrace.platform.camera.CameraRights;
import live.millrace.platform.camera.CameraSearch;
import live.millrace.platform.camera.CameraWish;
import live.millrace.platform.camera.Cameras;
import live.millrace.platform.camera.internal.onvif.DeviceSearch;
import live.millrace.platform.camera.internal.onvif.DeviceStreams;
import live.millrace.platform.camera.internal.onvif.FoundDevice;
import live.millrace.platform.camera.internal.onvif.OnvifException;
import org.springframework.stereotype.Service;

@Service
class SiteCameraSearch implements CameraSearch {
    /** Searches of everybody at a time. */
    private static final int SEARCHES = 2;

    /** Devices that are asked at a time. */
    private static final int DEVICES = 4;

    private final CameraRights rights;
    private final SearchQuota searches;
    private final TrialQuota trials;
    private final DeviceSearch devices;
    private final DeviceStreams streams;
    private final SealedDevices sealed;
    private final CameraDrafts drafts;
    private final Semaphore searching = new Semaphore(SEARCHES);
    private final Semaphore asking = new Semaphore(DEVICES);

    /** The addresses of those that are asked now: the smallest of them serve one at a time. */
    private final Set<String> asked = ConcurrentHashMap.newKeySet();

    SiteCameraSearch(
            CameraRights rights,
            SearchQuota searches,
            TrialQuota trials,
            DeviceSearch devices,
            DeviceStreams streams,
            SealedDevices sealed,
            CameraDrafts drafts) {
        this.rights = rights;
        this.searches = searches;
        this.trials = trials;
        this.devices = devices;
        this.streams = streams;
        this.sealed = sealed;
        this.drafts = drafts;
    }

    @Override
    public Devices search(long accountId) throws InterruptedException {
        if (!rights.of(accountId).search()) {
            return new Devices("camera.search.not-allowed", List.of());
        }
        if (!searching.tryAcquire()) {
            return new Devices("camera.search.busy", List.of());
        }
        try {
            return searches.take(accountId)
                    ? new Devices(
                            null,
                            devices.search().stream()
                                    .map(found -> device(accountId, found))
                                    .toList())
                    : new Devices("camera.search.often", List.of());
        } finally {
            searching.release();
        }
    }

    private Device device(long accountId, FoundDevice found) {
        return new Device(found.name(), found.shown(), found.hardware(), sealed.seal(accountId, found));
    }

    @Override
    public Streams streams(long accountId, String which, String user, String password) throws InterruptedException {
        if (!rights.of(accountId).search()) {
            return new Streams("camera.search.not-allowed", null, null, List.of());
        }
        Optional<FoundDevice> found = sealed.open(accountId, which);
        if (found.isEmpty()) {
            return new Streams("camera.search.old", null, null, List.of());
        }
        Device device =
                new Device(found.get().name(), found.get().shown(), found.get().hardware(), which);
        if (user.length() > Cameras.MOST_LOGIN || password.length() > Cameras.MOST_LOGIN) {
            return new Streams("camera.login.long", device, null, List.of());
        }
        if (user.chars().anyMatch(Character::isISOControl) || password.chars().anyMatch(Character::isISOControl)) {
            return new Streams("camera.login.malformed", device, null, List.of());
        }
        // Passwords are guessed here as they are by trials.
        if (!trials.take(accountId)) {
            return new Streams("camera.try.often", device, null, List.of());
        }
        return inTurn(accountId, found.get(), device, user.strip(), password);
    }

    private Streams inTurn(long accountId, FoundDevice found, Device device, String user, String password)
            throws InterruptedException {
        String host = found.service().getHost();
        if (!asking.tryAcquire()) {
            return new Streams("camera.search.busy", device, null, List.of());
        }
        try {
            if (!asked.add(host)) {
                return new Streams("camera.search.busy", device, null, List.of());
            }
            try {
                return new Streams(
                        null,
                        device,
                        null,
                        streams.of(found.service(), user, password).stream()
                                .map(one -> new Stream(
                                        one.name(),
                                        one.resolution(),
                                        one.codec(),
                                        drafts.seal(
                                                accountId,
                                                new CameraWish(one.address(), user, password, false, false))))
                                .toList());
            } catch (OnvifException failed) {
                return new Streams(null, device, failed.failure(), List.of());
            } finally {
                asked.remove(host);
            }
        } finally {
            asking.release();
        }
    }
}
