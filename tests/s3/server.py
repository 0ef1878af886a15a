"""moto's S3 on a free port of this machine, with a bucket `shop`: prints its address and keys.

With 3 as INITIAL_NO_AUTH_ACTION_COUNT it looks at the signatures of requests, as a store does, once
the user, the key and the policy below are made; it cannot read those in addresses then. It runs
until its input ends.
"""

import json
import sys

import boto3
from moto.server import ThreadedMotoServer

ALL = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}],
}


def main() -> None:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    url = "http://{}:{}".format(*server.get_host_and_port())
    given = {"endpoint_url": url, "region_name": "us-east-1"}
    nobody = {"aws_access_key_id": "nobody", "aws_secret_access_key": "nothing"}
    iam = boto3.client("iam", **given, **nobody)
    iam.create_user(UserName="shop")
    key = iam.create_access_key(UserName="shop")["AccessKey"]
    iam.put_user_policy(UserName="shop", PolicyName="all", PolicyDocument=json.dumps(ALL))
    keys = {
        "aws_access_key_id": key["AccessKeyId"],
        "aws_secret_access_key": key["SecretAccessKey"],
    }
    boto3.client("s3", **given, **keys).create_bucket(Bucket="shop")
    print(url, *keys.values(), flush=True)  # noqa: T201  # for the test
    sys.stdin.read()
    server.stop()


main()
