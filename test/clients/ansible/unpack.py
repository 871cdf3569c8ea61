"""Takes collections out of the wheel of the ansible package: the whole of it is half a gigabyte, these are 8 MB.

usage: unpack.py <folder of the wheel> <folder to fill>
"""

import pathlib
import sys
import zipfile

COLLECTIONS = ('f5networks/f5_modules', 'ansible/netcommon', 'ansible/utils')

wheel, = pathlib.Path(sys.argv[1]).glob('ansible-*.whl')
folders = tuple(f'ansible_collections/{name}/' for name in COLLECTIONS)
with zipfile.ZipFile(wheel) as archive:
    names = [name for name in archive.namelist() if name.startswith(folders) and '/tests/' not in name]
    archive.extractall(sys.argv[2], names)
