// A LwM2M server of Leshan 2 that does what a test asks. Words on the command line: the awake time of sleeping devices in
// ms, a folder with object definitions, and for coaps the server's certificate, its private key and the authority of the
// devices, as PEM. The first line of output says the ports.
import java.io.File;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.leshan.core.endpoint.Protocol;
import org.eclipse.leshan.core.link.lwm2m.attributes.DefaultLwM2mAttributeParser;
import org.eclipse.leshan.core.link.lwm2m.attributes.LwM2mAttributeSet;
import org.eclipse.leshan.core.model.ObjectLoader;
import org.eclipse.leshan.core.model.ObjectModel;
import org.eclipse.leshan.core.node.LwM2mNode;
import org.eclipse.leshan.core.node.LwM2mObjectInstance;
import org.eclipse.leshan.core.node.LwM2mPath;
import org.eclipse.leshan.core.node.TimestampedLwM2mNode;
import org.eclipse.leshan.core.node.TimestampedLwM2mNodes;
import org.eclipse.leshan.core.observation.CompositeObservation;
import org.eclipse.leshan.core.observation.Observation;
import org.eclipse.leshan.core.observation.SingleObservation;
import org.eclipse.leshan.core.request.CancelCompositeObservationRequest;
import org.eclipse.leshan.core.request.CancelObservationRequest;
import org.eclipse.leshan.core.request.ContentFormat;
import org.eclipse.leshan.core.request.CreateRequest;
import org.eclipse.leshan.core.request.DeleteRequest;
import org.eclipse.leshan.core.request.DiscoverRequest;
import org.eclipse.leshan.core.request.DownlinkDeviceManagementRequest;
import org.eclipse.leshan.core.request.ExecuteRequest;
import org.eclipse.leshan.core.request.ObserveCompositeRequest;
import org.eclipse.leshan.core.request.ObserveRequest;
import org.eclipse.leshan.core.request.ReadCompositeRequest;
import org.eclipse.leshan.core.request.ReadRequest;
import org.eclipse.leshan.core.request.SendRequest;
import org.eclipse.leshan.core.request.WriteAttributesRequest;
import org.eclipse.leshan.core.request.WriteCompositeRequest;
import org.eclipse.leshan.core.request.WriteRequest;
import org.eclipse.leshan.core.response.CreateResponse;
import org.eclipse.leshan.core.response.DiscoverResponse;
import org.eclipse.leshan.core.response.LwM2mResponse;
import org.eclipse.leshan.core.response.ObserveCompositeResponse;
import org.eclipse.leshan.core.response.ObserveResponse;
import org.eclipse.leshan.core.response.ReadCompositeResponse;
import org.eclipse.leshan.core.response.ReadResponse;
import org.eclipse.leshan.server.LeshanServer;
import org.eclipse.leshan.server.LeshanServerBuilder;
import org.eclipse.leshan.server.model.VersionedModelProvider;
import org.eclipse.leshan.server.observation.ObservationListener;
import org.eclipse.leshan.server.queue.PresenceListener;
import org.eclipse.leshan.server.queue.StaticClientAwakeTimeProvider;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.server.registration.RegistrationListener;
import org.eclipse.leshan.server.registration.RegistrationUpdate;
import org.eclipse.leshan.server.send.SendListener;
import org.eclipse.leshan.servers.security.InMemorySecurityStore;
import org.eclipse.leshan.servers.security.SecurityInfo;
import org.eclipse.leshan.transport.californium.server.endpoint.CaliforniumServerEndpointsProvider;
import org.eclipse.leshan.transport.californium.server.endpoint.coap.CoapServerProtocolProvider;
import org.eclipse.leshan.transport.californium.server.endpoint.coaps.CoapsServerProtocolProvider;

final class Server2 {
    private static final long TIMEOUT_MS = 120_000;
    private static final int CID_BYTES = 6;
    private static final int MOST_BODY_BYTES = 2_000_000;

    private final InMemorySecurityStore security = new InMemorySecurityStore();
    private final LeshanServer server;

    public static void main(String[] words) throws Exception {
        Server2 peer = new Server2(words);
        peer.server.start();
        Map<String, Object> ports = new LinkedHashMap<>();
        peer.server.getEndpoints().forEach((one) -> ports.put(one.getProtocol().getName(), one.getURI().getPort()));
        Lines.event("started", "ports", ports);
        Lines.serve(peer::handle);
    }

    private Server2(String[] words) throws Exception {
        LeshanServerBuilder builder = new LeshanServerBuilder();
        builder.setSecurityStore(security);
        builder.setClientAwakeTimeProvider(new StaticClientAwakeTimeProvider(Integer.parseInt(words[0])));
        List<ObjectModel> models = ObjectLoader.loadAllDefault();
        models.addAll(ObjectLoader.loadObjectsFromDir(new File(words[1])));
        builder.setObjectModelProvider(new VersionedModelProvider(models));
        builder.setCertificateChain(new X509Certificate[] { certificate(words[2]) });
        builder.setPrivateKey(privateKey(words[3]));
        builder.setTrustedCertificates(new Certificate[] { certificate(words[4]) });
        CaliforniumServerEndpointsProvider.Builder endpoints = new CaliforniumServerEndpointsProvider.Builder(
                new CoapServerProtocolProvider(), new CoapsServerProtocolProvider());
        Configuration settings = endpoints.createDefaultConfiguration();
        settings.set(DtlsConfig.DTLS_CONNECTION_ID_LENGTH, CID_BYTES);
        settings.set(CoapConfig.MAX_RESOURCE_BODY_SIZE, MOST_BODY_BYTES);
        endpoints.setConfiguration(settings);
        endpoints.addEndpoint(new InetSocketAddress("127.0.0.1", 0), Protocol.COAP);
        endpoints.addEndpoint(new InetSocketAddress("127.0.0.1", 0), Protocol.COAPS);
        builder.setEndpointsProviders(endpoints.build());
        server = builder.build();
        listen();
    }

    private static X509Certificate certificate(String file) throws Exception {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(Files.newInputStream(Paths.get(file)));
    }

    private static PrivateKey privateKey(String file) throws Exception {
        String text = new String(Files.readAllBytes(Paths.get(file)), StandardCharsets.US_ASCII);
        byte[] bytes = Base64.getMimeDecoder().decode(text.replaceAll("-----[A-Z ]+-----", ""));
        return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(bytes));
    }

    private Object handle(String[] words) throws Exception {
        switch (words[0]) {
        case "psk":
            security.add(SecurityInfo.newPreSharedKeyInfo(words[1], words[2], Lines.bytes(words[3])));
            return null;
        case "x509":
            security.add(SecurityInfo.newX509CertInfo(words[1]));
            return null;
        case "registration":
            return shown(registration(words[1]));
        case "cancelPassively":
            return server.getObservationService().cancelObservations(registration(words[1]), words[2]);
        case "cancelCompositePassively":
            return server.getObservationService().cancelCompositeObservations(registration(words[1]),
                    rest(words, 2).toArray(new String[0]));
        default:
            Registration registration = registration(words[1]);
            LwM2mResponse response = server.send(registration, request(registration, words), TIMEOUT_MS);
            return response == null ? Lines.object("code", "timeout") : shown(words, response);
        }
    }

    private Registration registration(String endpoint) {
        Registration found = server.getRegistrationService().getByEndpoint(endpoint);
        if (found == null)
            throw new IllegalArgumentException(endpoint + " is not registered");
        return found;
    }

    private DownlinkDeviceManagementRequest<? extends LwM2mResponse> request(Registration registration,
            String[] words) throws Exception {
        switch (words[0]) {
        case "read":
            return new ReadRequest(format(words[3]), words[2]);
        case "write":
            return new WriteRequest(WriteRequest.Mode.valueOf(words[4]), format(words[3]), words[2],
                    Nodes.node(words[2], rest(words, 5)));
        case "execute":
            return new ExecuteRequest(words[2], words.length > 3 ? words[3] : null);
        case "create":
            LwM2mObjectInstance instance = (LwM2mObjectInstance) Nodes.node(words[2], rest(words, 4));
            String object = "/" + new LwM2mPath(words[2]).getObjectId();
            return instance.getId() == LwM2mObjectInstance.UNDEFINED
                    ? new CreateRequest(format(words[3]), object, instance.getResources().values())
                    : new CreateRequest(format(words[3]), object, instance);
        case "delete":
            return new DeleteRequest(words[2]);
        case "discover":
            return new DiscoverRequest(words[2]);
        case "writeAttributes":
            return new WriteAttributesRequest(words[2],
                    new LwM2mAttributeSet(new DefaultLwM2mAttributeParser().parseUriQuery(words[3])));
        case "observe":
            return new ObserveRequest(format(words[3]), words[2]);
        case "cancel":
            return new CancelObservationRequest((SingleObservation) observation(registration, words[2]));
        case "readComposite":
            return new ReadCompositeRequest(format(words[2]), format(words[3]), rest(words, 4));
        case "writeComposite":
            Map<LwM2mPath, LwM2mNode> nodes = new LinkedHashMap<>();
            for (String word : rest(words, 3)) {
                String path = word.substring(0, word.indexOf('='));
                nodes.put(new LwM2mPath(path), Nodes.node(path, List.of(word)));
            }
            return new WriteCompositeRequest(format(words[2]), nodes, null);
        case "observeComposite":
            return new ObserveCompositeRequest(format(words[2]), format(words[3]),
                    rest(words, 4).toArray(new String[0]));
        case "cancelComposite":
            return new CancelCompositeObservationRequest(
                    (CompositeObservation) observation(registration, String.join(",", rest(words, 2))));
        default:
            throw new IllegalArgumentException(words[0]);
        }
    }

    private Observation observation(Registration registration, String paths) {
        for (Observation one : server.getObservationService().getObservations(registration))
            if (pathsOf(one).equals(paths))
                return one;
        throw new IllegalArgumentException(paths + " is not observed");
    }

    private static String pathsOf(Observation observation) {
        return observation instanceof SingleObservation ? ((SingleObservation) observation).getPath().toString()
                : ((CompositeObservation) observation).getPaths().stream().map(LwM2mPath::toString)
                        .collect(Collectors.joining(","));
    }

    private static ContentFormat format(String name) {
        return name.isEmpty() ? null : ContentFormat.fromName(name);
    }

    private static List<String> rest(String[] words, int from) {
        return Arrays.asList(words).subList(from, words.length);
    }

    private static Map<String, Object> shown(String[] words, LwM2mResponse response) {
        Map<String, Object> shown = Lines.object("code", response.getCode().toString());
        if (response.getErrorMessage() != null)
            shown.put("message", response.getErrorMessage());
        if (!response.isSuccess())
            return shown;
        if (response instanceof DiscoverResponse)
            shown.put("links", Arrays.stream(((DiscoverResponse) response).getObjectLinks()).map(Object::toString)
                    .collect(Collectors.toList()));
        else if (response instanceof CreateResponse)
            shown.put("location", ((CreateResponse) response).getLocation());
        else if (response instanceof ReadCompositeResponse)
            shown.put("values", Nodes.flat(((ReadCompositeResponse) response).getContent()));
        else if (response instanceof ReadResponse)
            shown.put("values", Nodes.flat(words[2], ((ReadResponse) response).getContent()));
        return shown;
    }

    private static List<Object> shown(String path, List<TimestampedLwM2mNode> samples) {
        List<Object> shown = new ArrayList<>();
        if (samples != null)
            for (TimestampedLwM2mNode one : samples)
                shown.add(Lines.object("ms", one.isTimestamped() ? one.getTimestamp().toEpochMilli() : null, "values",
                        Nodes.flat(path, one.getNode())));
        return shown;
    }

    private static String causes(Throwable problem) {
        StringBuilder text = new StringBuilder();
        for (Throwable one = problem; one != null; one = one.getCause())
            text.append(one).append("; ");
        return text.toString();
    }

    private static Map<String, Object> shown(Registration registration) {
        return Lines.object("ep", registration.getEndpoint(), "version", registration.getLwM2mVersion().toString(),
                "lifetime", registration.getLifeTimeInSec(), "binding", registration.getBindingMode().toString(),
                "queue", registration.usesQueueMode(), "port", registration.getPort(), "identity",
                registration.getClientTransportData().getIdentity().toString(), "formats",
                registration.getSupportedContentFormats().stream().map(ContentFormat::getName)
                        .collect(Collectors.toList()),
                "instances",
                registration.getAvailableInstances().stream().map(LwM2mPath::toString).collect(Collectors.toList()));
    }

    private void listen() {
        server.getRegistrationService().addListener(new RegistrationListener() {
            @Override
            public void registered(Registration now, Registration before, Collection<Observation> lost) {
                Lines.event("registered", "ep", now.getEndpoint(), "anew", before != null);
            }

            @Override
            public void updated(RegistrationUpdate update, Registration now, Registration before) {
                Lines.event("updated", "ep", now.getEndpoint(), "port", now.getPort());
            }

            @Override
            public void unregistered(Registration last, Collection<Observation> lost, boolean isExpired,
                    Registration next) {
                Lines.event("unregistered", "ep", last.getEndpoint(), "expired", isExpired);
            }
        });
        server.getPresenceService().addListener(new PresenceListener() {
            @Override
            public void onAwake(Registration registration) {
                Lines.event("awake", "ep", registration.getEndpoint());
            }

            @Override
            public void onSleeping(Registration registration) {
                Lines.event("sleeping", "ep", registration.getEndpoint());
            }
        });
        server.getObservationService().addListener(new ObservationListener() {
            @Override
            public void newObservation(Observation observation, Registration registration) {
            }

            @Override
            public void cancelled(Observation observation) {
            }

            @Override
            public void onResponse(SingleObservation observation, Registration registration,
                    ObserveResponse response) {
                String path = observation.getPath().toString();
                List<TimestampedLwM2mNode> samples = response.getTimestampedLwM2mNodes();
                Lines.event("notification", "ep", registration.getEndpoint(), "paths", path, "values",
                        response.getContent() == null ? null : Nodes.flat(path, response.getContent()), "samples",
                        shown(path, samples));
            }

            @Override
            public void onResponse(CompositeObservation observation, Registration registration,
                    ObserveCompositeResponse response) {
                Lines.event("notification", "ep", registration.getEndpoint(), "paths", pathsOf(observation), "values",
                        Nodes.flat(response.getContent()));
            }

            @Override
            public void onError(Observation observation, Registration registration, Exception problem) {
                Lines.event("fault", "ep", registration.getEndpoint(), "message", causes(problem));
            }
        });
        server.getSendService().addListener(new SendListener() {
            @Override
            public void dataReceived(Registration registration, TimestampedLwM2mNodes data, SendRequest request) {
                List<Object> samples = new ArrayList<>();
                for (Instant time : data.getTimestamps())
                    samples.add(Lines.object("ms", time == null ? null : time.toEpochMilli(), "values",
                            Nodes.flat(data.getNodesAt(time))));
                Lines.event("send", "ep", registration.getEndpoint(), "format", request.getFormat().getName(),
                        "samples", samples);
            }

            @Override
            public void onError(Registration registration, String message, Exception problem) {
                Lines.event("fault", "ep", registration.getEndpoint(), "message", message + ": " + causes(problem));
            }
        });
    }
}
