# SPDX-License-Identifier: Apache-2.0
"""A camera out of GStreamer: H.264 with a key frame each second, and PCMA or MP3 at 16 kHz, behind Digest."""
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer

PORT, SOUND, USER, PASSWORD = sys.argv[1:5]
PICTURE = (
    "videotestsrc is-live=1 ! video/x-raw,width=320,height=240,framerate=15/1 "
    "! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=15 ! video/x-h264,profile=baseline "
    "! rtph264pay name=pay0 pt=96"
)
SOUNDS = {
    "pcma": "audiotestsrc is-live=1 ! audio/x-raw,rate=8000,channels=1 ! alawenc ! rtppcmapay name=pay1 pt=8",
    "mp3": "audiotestsrc is-live=1 ! audio/x-raw,rate=16000,channels=1 ! lamemp3enc ! mpegaudioparse ! rtpmpapay name=pay1 pt=14",
}

Gst.init(None)
server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service(PORT)
factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch("( " + PICTURE + " " + SOUNDS[SOUND] + " )")
factory.set_shared(True)
auth = GstRtspServer.RTSPAuth()
auth.set_supported_methods(2)  # GST_RTSP_AUTH_DIGEST
token = GstRtspServer.RTSPToken()
token.set_string("media.factory.role", "viewer")
auth.add_digest(USER, PASSWORD, token)
permissions = GstRtspServer.RTSPPermissions()
permissions.add_permission_for_role("viewer", "media.factory.access", True)
permissions.add_permission_for_role("viewer", "media.factory.construct", True)
factory.set_permissions(permissions)
server.set_auth(auth)
server.get_mount_points().add_factory("/unicast", factory)
if server.attach(None) == 0:
    sys.exit("no port")
print("ready", server.get_bound_port(), flush=True)
GLib.MainLoop().run()
