"""Small Parquet files with encoded images, written by pyarrow as public hubs do. Run once:
python make_parquet_fixture.py fixtures/parquet (pyarrow 25, Pillow 12)."""

import io, json, sys
import numpy as np, pyarrow as pa, pyarrow.parquet as pq
from PIL import Image
# pixel (y, x, c) of image i is (y*7 + x*13 + i*29 + c*50) mod 256; labels i mod 5
def rows(n, size, fmt, mode):
    out=[]
    for i in range(n):
        y,x=np.mgrid[0:size,0:size]
        a=np.stack([(y*7+x*13+i*29+c*50)%256 for c in range(3 if mode=="RGB" else 1)],-1).astype(np.uint8)
        b=io.BytesIO(); Image.fromarray(a if mode=="RGB" else a[:,:,0]).save(b,fmt,**({"quality":95} if fmt=="JPEG" else {})); out.append((b.getvalue(),f"{i}.{fmt.lower()}",i%5))
    return out
def write(path, rs, label="label", image="image", compression="snappy", version="1.0", names=5, crc=False, group=7):
    img=pa.array([{"bytes":b,"path":p} for b,p,_ in rs], pa.struct([("bytes",pa.binary()),("path",pa.string())]))
    lab=pa.array([l for _,_,l in rs], pa.int64())
    meta={"huggingface":json.dumps({"info":{"features":{image:{"_type":"Image"},label:{"names":[str(i) for i in range(names)],"_type":"ClassLabel"}}}})}
    t=pa.table({image:img,label:lab}).replace_schema_metadata(meta)
    pq.write_table(t,path,row_group_size=group,compression=compression,data_page_version=version,write_page_checksum=crc)
out=sys.argv[1]
write(out+"/grey-snappy.parquet",rows(10,6,"PNG","L"))
write(out+"/colour-v2-checksums.parquet",rows(10,6,"PNG","RGB"),label="fine_label",image="img",version="2.0",crc=True)
write(out+"/jpeg-gzip.parquet",rows(5,12,"JPEG","L"),compression="gzip")
write(out+"/brotli.parquet",rows(3,6,"PNG","RGB"),compression="brotli")
write(out+"/zstd.parquet",rows(3,6,"PNG","RGB"),compression="zstd")
