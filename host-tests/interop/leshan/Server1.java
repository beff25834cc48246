// A LwM2M server of Leshan 1, which speaks LwM2M 1.0, that does what a test asks. The first line of output says the ports.
// The word on the command line is a folder with object definitions.
import java.io.File;
import java.util.Collection;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.eclipse.californium.core.network.config.NetworkConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.leshan.core.attributes.AttributeSet;
import org.eclipse.leshan.core.model.ObjectLoader;
import org.eclipse.leshan.core.model.ObjectModel;
import org.eclipse.leshan.core.node.LwM2mNode;
import org.eclipse.leshan.core.node.LwM2mObject;
import org.eclipse.leshan.core.node.LwM2mObjectInstance;
import org.eclipse.leshan.core.node.LwM2mPath;
import org.eclipse.leshan.core.node.LwM2mResource;
import org.eclipse.leshan.core.node.LwM2mSingleResource;
import org.eclipse.leshan.core.node.ObjectLink;
import org.eclipse.leshan.core.observation.Observation;
import org.eclipse.leshan.core.request.ContentFormat;
import org.eclipse.leshan.core.request.CreateRequest;
import org.eclipse.leshan.core.request.DeleteRequest;
import org.eclipse.leshan.core.request.DiscoverRequest;
import org.eclipse.leshan.core.request.DownlinkRequest;
import org.eclipse.leshan.core.request.ExecuteRequest;
import org.eclipse.leshan.core.request.ObserveRequest;
import org.eclipse.leshan.core.request.ReadRequest;
import org.eclipse.leshan.core.request.WriteAttributesRequest;
import org.eclipse.leshan.core.request.WriteRequest;
import org.eclipse.leshan.core.response.CreateResponse;
import org.eclipse.leshan.core.response.DiscoverResponse;
import org.eclipse.leshan.core.response.LwM2mResponse;
import org.eclipse.leshan.core.response.ObserveResponse;
import org.eclipse.leshan.core.response.ReadResponse;
import org.eclipse.leshan.server.californium.LeshanServer;
import org.eclipse.leshan.server.californium.LeshanServerBuilder;
import org.eclipse.leshan.server.model.VersionedModelProvider;
import org.eclipse.leshan.server.observation.ObservationListener;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.server.registration.RegistrationListener;
import org.eclipse.leshan.server.registration.RegistrationUpdate;
import org.eclipse.leshan.server.security.InMemorySecurityStore;
import org.eclipse.leshan.server.security.SecurityInfo;

final class Server1 {
    private static final long TIMEOUT_MS = 120_000;
    private static final int MOST_BODY_BYTES = 2_000_000;

    private final InMemorySecurityStore security = new InMemorySecurityStore();
    private final LeshanServer server;

    public static void main(String[] words) throws Exception {
        Server1 peer = new Server1(words[0]);
        peer.server.start();
        Lines.event("started", "ports", Lines.object("COAP", peer.server.getUnsecuredAddress().getPort(), "COAPS",
                peer.server.getSecuredAddress().getPort()));
        Lines.serve(peer::handle);
    }

    private Server1(String models) {
        LeshanServerBuilder builder = new LeshanServerBuilder();
        builder.setSecurityStore(security);
        List<ObjectModel> definitions = ObjectLoader.loadAllDefault();
        definitions.addAll(ObjectLoader.loadObjectsFromDir(new File(models)));
        builder.setObjectModelProvider(new VersionedModelProvider(definitions));
        NetworkConfig settings = LeshanServerBuilder.createDefaultNetworkConfig();
        settings.setInt(NetworkConfig.Keys.MAX_RESOURCE_BODY_SIZE, MOST_BODY_BYTES);
        builder.setCoapConfig(settings);
        builder.setDtlsConfig(new DtlsConnectorConfig.Builder());
        builder.setLocalAddress("127.0.0.1", 0);
        builder.setLocalSecureAddress("127.0.0.1", 0);
        server = builder.build();
        listen();
    }

    private Object handle(String[] words) throws Exception {
        if (words[0].equals("psk")) {
            security.add(SecurityInfo.newPreSharedKeyInfo(words[1], words[2], Lines.bytes(words[3])));
            return null;
        }
        Registration registration = server.getRegistrationService().getByEndpoint(words[1]);
        if (registration == null)
            throw new IllegalArgumentException(words[1] + " is not registered");
        if (words[0].equals("registration"))
            return Lines.object("ep", registration.getEndpoint(), "version", registration.getLwM2mVersion(),
                    "lifetime", registration.getLifeTimeInSec(), "binding", registration.getBindingMode().toString(),
                    "identity", registration.getIdentity().toString());
        if (words[0].equals("cancelPassively"))
            return server.getObservationService().cancelObservations(registration, words[2]);
        LwM2mResponse response = server.send(registration, request(words), TIMEOUT_MS);
        return response == null ? Lines.object("code", "timeout") : shown(words[2], response);
    }

    private static DownlinkRequest<? extends LwM2mResponse> request(String[] words) throws Exception {
        ContentFormat format = words.length > 3 && !words[3].isEmpty() ? format(words[3]) : null;
        switch (words[0]) {
        case "read":
            return new ReadRequest(format, words[2]);
        case "write":
            // one value of a single resource, path=TYPE=value
            return new WriteRequest(WriteRequest.Mode.valueOf(words[4]), format, words[2], resource(words[5]));
        case "writeInstance":
            return new WriteRequest(WriteRequest.Mode.UPDATE, format, words[2],
                    new LwM2mObjectInstance(new LwM2mPath(words[2]).getObjectInstanceId(), resource(words[4])));
        case "execute":
            return new ExecuteRequest(words[2], words.length > 3 ? words[3] : null);
        case "create":
            return new CreateRequest(format, words[2], new LwM2mObjectInstance(
                    new LwM2mPath(words[4].split("=")[0]).getObjectInstanceId(), resource(words[4])));
        case "delete":
            return new DeleteRequest(words[2]);
        case "discover":
            return new DiscoverRequest(words[2]);
        case "writeAttributes":
            return new WriteAttributesRequest(words[2], AttributeSet.parse(words[3]));
        case "observe":
            return new ObserveRequest(format, words[2]);
        default:
            throw new IllegalArgumentException(words[0]);
        }
    }

    private static ContentFormat format(String name) {
        return name.equals("TLV") ? ContentFormat.TLV
                : name.equals("JSON") ? ContentFormat.JSON
                        : name.equals("TEXT") ? ContentFormat.TEXT : ContentFormat.OPAQUE;
    }

    private static LwM2mResource resource(String word) {
        String[] parts = word.split("=", 3);
        int id = new LwM2mPath(parts[0]).getResourceId();
        switch (parts[1]) {
        case "INTEGER":
            return LwM2mSingleResource.newIntegerResource(id, Long.parseLong(parts[2]));
        case "FLOAT":
            return LwM2mSingleResource.newFloatResource(id, Double.parseDouble(parts[2]));
        case "BOOLEAN":
            return LwM2mSingleResource.newBooleanResource(id, Boolean.parseBoolean(parts[2]));
        case "OPAQUE":
            return LwM2mSingleResource.newBinaryResource(id, Lines.bytes(parts[2]));
        default:
            return LwM2mSingleResource.newStringResource(id, parts[2]);
        }
    }

    private static Map<String, Object> shown(String path, LwM2mResponse response) {
        Map<String, Object> shown = Lines.object("code", String.valueOf(response.getCode()));
        if (response.getErrorMessage() != null)
            shown.put("message", response.getErrorMessage());
        if (!response.isSuccess())
            return shown;
        if (response instanceof DiscoverResponse)
            shown.put("links", java.util.Arrays.asList(((DiscoverResponse) response).getObjectLinks()));
        else if (response instanceof CreateResponse)
            shown.put("location", ((CreateResponse) response).getLocation());
        else if (response instanceof ReadResponse)
            shown.put("values", flat(path, ((ReadResponse) response).getContent()));
        return shown;
    }

    private static Map<String, Object> flat(String path, LwM2mNode node) {
        Map<String, Object> values = new LinkedHashMap<>();
        flatten(path, node, values);
        return values;
    }

    private static void flatten(String path, LwM2mNode node, Map<String, Object> into) {
        if (node instanceof LwM2mObject)
            ((LwM2mObject) node).getInstances().forEach((id, one) -> flatten(path + "/" + id, one, into));
        else if (node instanceof LwM2mObjectInstance)
            ((LwM2mObjectInstance) node).getResources().forEach((id, one) -> flatten(path + "/" + id, one, into));
        else if (((LwM2mResource) node).isMultiInstances())
            ((LwM2mResource) node).getValues().forEach((id, value) -> into.put(path + "/" + id, shown(value)));
        else
            into.put(path, shown(((LwM2mResource) node).getValue()));
    }

    private static Object shown(Object value) {
        if (value instanceof byte[])
            return Lines.object("hex", Lines.hex((byte[]) value));
        if (value instanceof Date)
            return Lines.object("time", ((Date) value).getTime() / 1000.0);
        if (value instanceof ObjectLink)
            return Lines.object("link", ((ObjectLink) value).encodeToString());
        return value;
    }

    private void listen() {
        server.getRegistrationService().addListener(new RegistrationListener() {
            @Override
            public void registered(Registration now, Registration before, Collection<Observation> lost) {
                Lines.event("registered", "ep", now.getEndpoint());
            }

            @Override
            public void updated(RegistrationUpdate update, Registration now, Registration before) {
                Lines.event("updated", "ep", now.getEndpoint());
            }

            @Override
            public void unregistered(Registration last, Collection<Observation> lost, boolean isExpired,
                    Registration next) {
                Lines.event("unregistered", "ep", last.getEndpoint(), "expired", isExpired);
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
            public void onResponse(Observation observation, Registration registration, ObserveResponse response) {
                String path = observation.getPath().toString();
                Lines.event("notification", "ep", registration.getEndpoint(), "paths", path, "values",
                        flat(path, response.getContent()));
            }

            @Override
            public void onError(Observation observation, Registration registration, Exception problem) {
                Lines.event("fault", "ep", registration.getEndpoint(), "message", problem.toString());
            }
        });
    }
}
