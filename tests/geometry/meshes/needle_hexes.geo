// A needle of 2 mm diameter, left out of a block of tissue of 24 x 24 x 20 mm; a tumour of 14 mm
// diameter around its active part, 8 mm; mm. Written by Gmsh 4.8.4:
//   gmsh -3 needle_hexes.geo -format msh41 -o needle_hexes.msh
hole = 1; tumour = 7; half = 12; s = Sqrt(0.5);
Point(1) = {0, 0, -10};
For i In {0:3}
  x = (i == 0 || i == 3) ? 1 : -1;
  y = i < 2 ? 1 : -1;
  Point(10 + i) = {hole * s * x, hole * s * y, -10};
  Point(20 + i) = {tumour * s * x, tumour * s * y, -10};
  Point(30 + i) = {half * x, half * y, -10};
EndFor
For i In {0:3}
  j = (i + 1) % 4;
  Circle(10 + i) = {10 + i, 1, 10 + j};
  Circle(20 + i) = {20 + i, 1, 20 + j};
  Line(30 + i) = {30 + i, 30 + j};
  Line(40 + i) = {10 + i, 20 + i};
  Line(50 + i) = {20 + i, 30 + i};
EndFor
For i In {0:3}
  j = (i + 1) % 4;
  Curve Loop(10 + i) = {40 + i, 20 + i, -(40 + j), -(10 + i)};
  Plane Surface(10 + i) = {10 + i};
  Curve Loop(20 + i) = {50 + i, 30 + i, -(50 + j), -(20 + i)};
  Plane Surface(20 + i) = {20 + i};
EndFor
Transfinite Curve {10:13, 20:23, 30:33} = 4;
Transfinite Curve {40:43} = 4 Using Progression 1.6;
Transfinite Curve {50:53} = 3;
Transfinite Surface {10:13, 20:23};
Recombine Surface {10:13, 20:23};
tumours[] = {}; livers[] = {}; active[] = {}; shaft[] = {}; side[] = {}; below[] = {10:13, 20:23};
inner[] = {10:13}; outer[] = {20:23};
For layer In {0:2}
  height = layer == 1 ? 8 : 6; count = layer == 1 ? 3 : 1;
  in_next[] = {}; out_next[] = {};
  For i In {0:3}
    a[] = Extrude {0, 0, height} { Surface{inner[i]}; Layers{count}; Recombine; };
    b[] = Extrude {0, 0, height} { Surface{outer[i]}; Layers{count}; Recombine; };
    in_next[] += a[0]; out_next[] += b[0];
    If (layer == 1)
      tumours[] += a[1]; active[] += a[5];
    Else
      livers[] += a[1]; shaft[] += a[5];
    EndIf
    livers[] += b[1]; side[] += b[3];
  EndFor
  inner[] = in_next[]; outer[] = out_next[];
EndFor
Physical Volume("tumour") = {tumours[]};
Physical Volume("liver") = {livers[]};
Physical Surface("active") = {active[]};
Physical Surface("shaft") = {shaft[]};
Physical Surface("body") = {side[]};
