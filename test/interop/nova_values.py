"""A value for each name that a parameter of nova's RPC clients has, of the kind that nova itself passes there."""

import datetime

from nova import block_device
from nova import context
from nova import objects
from nova.objects import migrate_data
from nova.tests.unit import fake_flavor
from nova.tests.unit import fake_instance
from nova.tests.unit import fake_request_spec

HOST = "host1"
UUID = "9f4c8d2e-3f3b-4d7c-9a1b-1234567890ab"

ctxt = context.RequestContext("user1", "project1", is_admin=True, roles=["admin"])

flavor = fake_flavor.fake_flavor_obj(ctxt)
flavor.extra_specs = {"hw:cpu_policy": "shared"}

now = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)

instance = fake_instance.fake_instance_obj(
    ctxt,
    uuid=UUID,
    host=HOST,
    node=HOST,
    display_name="t\u00e9st",
    flavor=flavor,
    metadata={"key": "value"},
    system_metadata={"image_min_disk": "1"},
    launched_at=now,
    expected_attrs=["metadata", "system_metadata", "flavor"],
)
instance.numa_topology = None
instance.pci_requests = objects.InstancePCIRequests(instance_uuid=UUID, requests=[])
instance.tags = objects.TagList(objects=[objects.Tag(resource_id=UUID, tag="blue")])

migration = objects.Migration(
    ctxt,
    id=1,
    uuid=UUID,
    instance_uuid=UUID,
    source_compute=HOST,
    dest_compute=HOST,
    source_node=HOST,
    dest_node=HOST,
    migration_type="live-migration",
    status="running",
    old_instance_type_id=1,
    new_instance_type_id=2,
    cross_cell_move=False,
)
limits = objects.SchedulerLimits(
    memory_mb=512,
    vcpu=2,
    disk_gb=1,
    numa_topology=objects.NUMATopologyLimits(cpu_allocation_ratio=1.5, ram_allocation_ratio=1.0),
)
selection = objects.Selection(
    service_host=HOST,
    nodename=HOST,
    compute_node_uuid=UUID,
    cell_uuid=UUID,
    limits=limits,
    allocation_request='{"allocations": {}}',
    allocation_request_version="1.36",
    availability_zone="nova",
)
request_spec = fake_request_spec.fake_spec_obj()
request_spec.limits = limits
request_spec.retry = objects.SchedulerRetries(
    num_attempts=1, hosts=objects.ComputeNodeList(objects=[objects.ComputeNode(host=HOST, hypervisor_hostname=HOST)])
)
request_spec.instance_group = objects.InstanceGroup(uuid=UUID, policy="affinity", hosts=[HOST], members=[UUID])
bdm = objects.BlockDeviceMapping(
    ctxt,
    id=1,
    uuid=UUID,
    instance_uuid=UUID,
    source_type="snapshot",
    destination_type="volume",
    snapshot_id=UUID,
    volume_id=UUID,
    volume_size=1,
    device_name="/dev/vdb",
    boot_index=0,
    delete_on_termination=False,
    connection_info='{"driver_volume_type": "rbd"}',
    tag=None,
    attachment_id=UUID,
    device_type="disk",
    disk_bus="virtio",
    guest_format=None,
    image_id=None,
    no_device=False,
    volume_type=None,
)
bdms = objects.BlockDeviceMappingList(ctxt, objects=[bdm])
networks = objects.NetworkRequestList(
    objects=[objects.NetworkRequest(network_id=UUID, address="10.0.0.3", port_id=UUID, tag="t")]
)
aggregate = objects.Aggregate(ctxt, id=1, uuid=UUID, name="rack", hosts=[HOST], metadata={"ssd": "true"})
migrate_data = migrate_data.LibvirtLiveMigrateData(
    is_shared_instance_path=False,
    is_shared_block_storage=True,
    block_migration=False,
    disk_over_commit=False,
    filename="file",
    image_type="raw",
    instance_relative_path="path",
)
# As the image service's client makes it.
image = {
    "id": UUID,
    "name": "im\u00e4ge",
    "status": "active",
    "owner": "project1",
    "size": 2**33,
    "min_ram": 0,
    "min_disk": 1,
    "disk_format": "raw",
    "container_format": "bare",
    "checksum": None,
    "is_public": True,
    "visibility": "public",
    "protected": False,
    "deleted": False,
    "created_at": now,
    "updated_at": now,
    "deleted_at": None,
    "properties": {"hw_disk_bus": "virtio", "hw_machine_type": None},
}
snapshot = block_device.snapshot_from_bdm(UUID, bdm).get_image_mapping()

BY_NAME = {
    "accel_uuids": [UUID],
    "action": "reboot",
    "address": "10.0.0.3",
    "admin_password": "pass",
    "aggregate": aggregate,
    "aggregates": [aggregate],
    "arg": {"text": "h\u00e9llo", "list": [1, 1.5, None, True]},
    "args": [],
    "attachment_id": UUID,
    "backup_type": "daily",
    "bdm": bdm,
    "bdms": bdms,
    "block_device_info": {"root_device_name": "/dev/vda", "block_device_mapping": []},
    "block_device_mapping": bdms,
    "block_migration": False,
    "build_requests": [
        objects.BuildRequest(
            ctxt, id=1, uuid=UUID, project_id="project1", instance_uuid=UUID, instance=instance,
            block_device_mappings=bdms, tags=instance.tags,
        )
    ],
    "cast": True,
    "clean_shutdown": False,
    "console_type": "novnc",
    "create_info": {"snapshot_id": UUID, "type": "qcow2", "new_file": "file"},
    "data": {"filename": "file"},
    "delete_info": {"volume_id": UUID, "type": "qcow2"},
    "dest": HOST,
    "dest_check_data": migrate_data,
    "destination": HOST,
    "destroy_disks": True,
    "device": "/dev/vdc",
    "device_type": "disk",
    "disk": '[{"path": "disk"}]',
    "disk_bus": "virtio",
    "disk_info": '{"disk": 1}',
    "disk_over_commit": None,
    "do_cast": True,
    "enabled": True,
    "events": [
        objects.InstanceExternalEvent(
            instance_uuid=UUID, name="network-vif-plugged", status="completed", tag=UUID, data={}
        )
    ],
    "filter_properties": {
        **request_spec.to_legacy_filter_properties_dict(),
        "limits": limits.to_dict(),
        "retry": {"num_attempts": 1, "hosts": [[HOST, HOST]]},
    },
    "flavor": flavor,
    "host": HOST,
    "host_list": [selection],
    "host_lists": [[selection, selection]],
    "host_name": HOST,
    "host_param": "host2",
    "image": image,
    "image_id": UUID,
    "image_ids": [UUID],
    "image_ref": UUID,
    "injected_files": [("/etc/motd", "aGVsbG8=")],
    "instance": instance,
    "instance_info": objects.InstanceList(objects=[instance]),
    "instance_uuid": UUID,
    "instance_uuids": [UUID],
    "instances": [instance],
    "kwargs": {"expected_task_state": [None]},
    "legacy_bdm": False,
    "limits": limits,
    "live": True,
    "mapping": [snapshot],
    "migrate_data": migrate_data,
    "migration": migration,
    "migration_id": 1,
    "mode": True,
    "multiattach": False,
    "network_id": UUID,
    "new_attachment_id": UUID,
    "new_pass": "pass",
    "new_volume_id": UUID,
    "node": HOST,
    "nodename": HOST,
    "object_versions": {"Instance": "2.7"},
    "objinst": instance,
    "objmethod": "save",
    "objname": "Instance",
    "old_volume_id": UUID,
    "on_shared_storage": None,
    "orig_image_ref": UUID,
    "orig_sys_metadata": {"image_min_disk": "1"},
    "port": "5900",
    "port_id": UUID,
    "preserve_ephemeral": False,
    "reboot_type": "HARD",
    "rebuild": False,
    "recreate": False,
    "reimage_boot_volume": True,
    "request_spec": request_spec,
    "request_specs": [request_spec],
    "requested_ip": "10.0.0.3",
    "requested_networks": networks,
    "rescue_image_ref": UUID,
    "rescue_password": "pass",
    "reservations": None,
    "return_alternates": True,
    "return_objects": True,
    "rotation": 2,
    "scheduler_hint": {"host": HOST},
    "security_groups": ["default"],
    "snapshot_id": UUID,
    "spec_obj": request_spec,
    "tag": "t",
    "tags": instance.tags,
    "tail_length": 3,
    "timeout": None,
    "volume_id": UUID,
}

# Where a method's own differs.
BY_METHOD = {
    # What the request spec has of the image, since it is an object there.
    "prep_resize": {"image": request_spec._to_legacy_image()},
    # For each instance its disks.
    "schedule_and_build_instances": {"block_device_mapping": [bdms]},
}


def value_for(method, name):
    return BY_METHOD.get(method, {}).get(name, BY_NAME[name])
